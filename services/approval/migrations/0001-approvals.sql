-- One request an intent: the key is what keeps a decision delivered twice from asking twice.
-- Assignees, quorum and expiry are a snapshot of the terms at the time of asking; parties are those who may not answer.
CREATE TABLE approval_requests (
  id              text NOT NULL,
  organization_id uuid NOT NULL,
  intent_id       text NOT NULL,
  agent_id        uuid NOT NULL,
  status          text NOT NULL DEFAULT 'open'
                  CHECK (status IN ('open', 'approved', 'rejected', 'expired', 'withdrawn')),
  -- 'role:finance' or 'user:<id>'
  assignees       text[] NOT NULL CHECK (cardinality(assignees) > 0),
  quorum          integer NOT NULL CHECK (quorum > 0),
  parties         text[] NOT NULL,
  amount_minor    numeric(38) NOT NULL,
  currency        text NOT NULL,
  exponent        integer NOT NULL,
  -- What the people who answer are shown of the decision that asked.
  decision        json NOT NULL,
  requested_at    timestamptz(3) NOT NULL,
  expires_at      timestamptz(3) NOT NULL,
  resolved_at     timestamptz(3) CHECK ((resolved_at IS NULL) = (status = 'open')),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, intent_id)
);
-- The open list by expiry, what is due across organisations, and the history from its newest entry.
CREATE INDEX approval_requests_open ON approval_requests (organization_id, expires_at, id) WHERE status = 'open';
CREATE INDEX approval_requests_due ON approval_requests (expires_at) WHERE status = 'open';
CREATE INDEX approval_requests_history ON approval_requests (organization_id, status, resolved_at DESC, id DESC)
  WHERE status <> 'open';

-- One vote a person. The note is personal text and may be blanked; nothing else of a vote ever changes.
CREATE TABLE approval_responses (
  organization_id uuid NOT NULL,
  approval_id     text NOT NULL,
  responder_id    text NOT NULL,
  decision        text NOT NULL CHECK (decision IN ('approve', 'reject')),
  note            text,
  responded_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (organization_id, approval_id, responder_id),
  FOREIGN KEY (organization_id, approval_id) REFERENCES approval_requests (organization_id, id)
);

CALL isolate_by_organization('approval_requests');
CALL isolate_by_organization('approval_responses');

GRANT SELECT, INSERT, UPDATE (status, resolved_at) ON approval_requests TO aegis_approval;
GRANT SELECT, INSERT, UPDATE (note) ON approval_responses TO aegis_approval;
