-- What an agent asked for lately: bounded counts and its newest intents. Guarded by the agent's row.
CREATE TABLE agent_activity (
  organization_id uuid NOT NULL,
  agent_id        uuid NOT NULL,
  activity        json NOT NULL,
  PRIMARY KEY (organization_id, agent_id)
) WITH (fillfactor = 50, toast_tuple_target = 4080);

-- What an agent spent at a merchant in the last 30 days. Guarded by the agent's row. The key is a digest of the
-- merchant's normalised name: no text of a submission is kept here.
CREATE TABLE agent_merchants (
  organization_id uuid NOT NULL,
  agent_id        uuid NOT NULL,
  merchant_key    uuid NOT NULL,
  seen            boolean NOT NULL,
  days            json NOT NULL,
  PRIMARY KEY (organization_id, agent_id, merchant_key)
) WITH (fillfactor = 70);

-- What all agents of an organisation asked for at a merchant just below thresholds. Each row is its own lock, taken after
-- the agents' rows and in the order of the key.
CREATE TABLE merchant_pieces (
  organization_id uuid NOT NULL,
  merchant_key    uuid NOT NULL,
  pieces          json NOT NULL,
  PRIMARY KEY (organization_id, merchant_key)
) WITH (fillfactor = 70);

-- Whom a decision that waits for people is about, so that their answer is counted there.
ALTER TABLE decisions ADD COLUMN merchant_key uuid;

CALL isolate_by_organization('agent_activity');
CALL isolate_by_organization('agent_merchants');
CALL isolate_by_organization('merchant_pieces');

GRANT SELECT, INSERT, UPDATE ON agent_activity, agent_merchants, merchant_pieces TO aegis_policy;
