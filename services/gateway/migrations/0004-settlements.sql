-- The most that an agent alone may settle, where its tolerance makes that more than the amount; in the intent's currency.
ALTER TABLE intents ADD COLUMN settle_ceiling_minor numeric(20);
GRANT UPDATE (settle_ceiling_minor) ON intents TO aegis_gateway;

-- What was said of an intent's payment: captures by their reference, and a cancellation, whose reference is the empty text.
-- Guarded by the intent's row.
CREATE TABLE settlements (
  organization_id uuid NOT NULL,
  intent_id       text COLLATE "C" NOT NULL,
  reference       text COLLATE "C" NOT NULL,
  amount_minor    numeric(20) NOT NULL CHECK (amount_minor >= 0),
  final           boolean NOT NULL,
  -- Whoever confirmed it by intents:settle; null while it is the agent's own word.
  confirmed_by    text,
  recorded_at     timestamptz NOT NULL,
  PRIMARY KEY (organization_id, intent_id, reference)
);

CALL isolate_by_organization('settlements');
GRANT SELECT, INSERT, UPDATE ON settlements TO aegis_gateway;
