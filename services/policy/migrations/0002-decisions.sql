-- What each agent has used of each daily and monthly window on its organisation's calendar.
CREATE TABLE budgets (
  organization_id uuid NOT NULL,
  agent_id        uuid NOT NULL,
  window_kind     text NOT NULL CHECK (window_kind IN ('day', 'month')),
  window_start    date NOT NULL,
  spent_minor     numeric(60) NOT NULL CHECK (spent_minor >= 0),
  held_minor      numeric(60) NOT NULL CHECK (held_minor >= 0),
  PRIMARY KEY (organization_id, agent_id, window_kind, window_start)
) WITH (fillfactor = 70);

-- One decision an intent: the primary key is the inbox of submissions. `pending` holds the whole decision for as long as
-- people are asked; afterwards the events and the audit log have it.
CREATE TABLE decisions (
  organization_id    uuid NOT NULL,
  intent_id          text NOT NULL,
  agent_id           uuid NOT NULL,
  decision_id        text NOT NULL,
  outcome            text NOT NULL CHECK (outcome IN ('approved', 'denied', 'pending_approval')),
  local_date         date NOT NULL,
  policy_set_version integer NOT NULL,
  decided_at         timestamptz NOT NULL,
  approval_id        text,
  pending            json,
  PRIMARY KEY (organization_id, intent_id),
  CHECK ((outcome = 'pending_approval') = (pending IS NOT NULL))
);

-- Answers of people that came before the decision they belong to: topics are not ordered against each other.
CREATE TABLE early_resolutions (
  organization_id uuid NOT NULL,
  intent_id       text NOT NULL,
  approval_id     text NOT NULL,
  outcome         text NOT NULL CHECK (outcome IN ('approved', 'rejected', 'expired')),
  event_id        text NOT NULL,
  traceparent     text,
  received_at     timestamptz NOT NULL,
  PRIMARY KEY (organization_id, intent_id)
);

CALL isolate_by_organization('budgets');
CALL isolate_by_organization('decisions');
CALL isolate_by_organization('early_resolutions');

GRANT SELECT, INSERT, UPDATE ON budgets, decisions TO aegis_policy;
GRANT SELECT, INSERT ON early_resolutions TO aegis_policy;
