-- Spend intents: what was asked, and what was decided. The state machine's rule stands in the one UPDATE that moves it.
CREATE TABLE intents (
  id                text COLLATE "C" PRIMARY KEY,
  organization_id   uuid NOT NULL,
  agent_id          uuid NOT NULL,
  status            text COLLATE "C" NOT NULL
                    CHECK (status IN ('pending', 'approved', 'denied', 'pending_approval')),
  -- Minor units of the currency; `exponent` counts its decimals (ISO 4217).
  amount_minor      numeric(20) NOT NULL CHECK (amount_minor > 0),
  currency          text NOT NULL,
  exponent          smallint NOT NULL,
  reason            text NOT NULL,
  confidence        numeric(7, 6) NOT NULL,
  merchant          text,
  merchant_category text,
  -- json, not jsonb: what was sent is given back as it was sent.
  metadata          json,
  policy_decision   text,
  matched_policy    text,
  matched_policy_id text,
  risk_score        numeric(7, 6),
  risk_factors      json,
  reasons           json,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  -- A client's Idempotency-Key lives as long as the intent; the scope is the user, agent or key that sent it.
  idempotency_scope text COLLATE "C",
  idempotency_key   text COLLATE "C",
  body_sha256       bytea,
  CHECK ((status = 'pending') = (policy_decision IS NULL))
);

CREATE UNIQUE INDEX intents_idempotency ON intents (organization_id, idempotency_scope, idempotency_key)
  WHERE idempotency_key IS NOT NULL;

-- Lists go by (created_at, id) under the organisation, and under its two selective filters.
CREATE INDEX intents_by_time ON intents (organization_id, created_at, id);
CREATE INDEX intents_by_agent ON intents (organization_id, agent_id, created_at, id);
CREATE INDEX intents_by_status ON intents (organization_id, status, created_at, id);

CALL isolate_by_organization('intents');
GRANT SELECT, INSERT ON intents TO aegis_gateway;
-- What was asked never changes.
GRANT UPDATE (status, policy_decision, matched_policy, matched_policy_id, risk_score, risk_factors, reasons, updated_at)
  ON intents TO aegis_gateway;

-- Agents that exist, as the registry's events and look-ups told. Agents never cease to exist, so neither do these rows.
CREATE TABLE known_agents (
  organization_id uuid NOT NULL,
  agent_id        uuid NOT NULL,
  PRIMARY KEY (organization_id, agent_id)
);

CALL isolate_by_organization('known_agents');
GRANT SELECT, INSERT ON known_agents TO aegis_gateway;
