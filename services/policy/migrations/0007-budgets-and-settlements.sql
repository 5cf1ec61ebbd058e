-- Budgets that agents share: the organisation's (category '') and those of merchant categories, in lower case. A row is
-- the lock of its windows, taken after the agents' rows and in the order of the key.
CREATE TABLE shared_budgets (
  organization_id     uuid NOT NULL,
  category            text COLLATE "C" NOT NULL,
  daily_limit_minor   numeric(40) CHECK (daily_limit_minor >= 0),
  monthly_limit_minor numeric(40) CHECK (monthly_limit_minor >= 0),
  -- Intents of earlier days neither count here nor are bound.
  since               date NOT NULL,
  updated_at          timestamptz NOT NULL,
  PRIMARY KEY (organization_id, category)
);

CREATE TABLE shared_budget_windows (
  organization_id uuid NOT NULL,
  category        text COLLATE "C" NOT NULL,
  window_kind     text NOT NULL CHECK (window_kind IN ('day', 'month')),
  window_start    date NOT NULL,
  spent_minor     numeric(60) NOT NULL CHECK (spent_minor >= 0),
  held_minor      numeric(60) NOT NULL CHECK (held_minor >= 0),
  PRIMARY KEY (organization_id, category, window_kind, window_start)
) WITH (fillfactor = 70);

-- Told with the version of the policy set, so that an organisation without such budgets never looks for them.
ALTER TABLE organizations ADD COLUMN has_shared_budgets boolean NOT NULL DEFAULT false;

-- By how much a settlement may pass what was asked; null: intents are captured when they are approved.
ALTER TABLE agents ADD COLUMN settlement_tolerance_percent smallint
  CHECK (settlement_tolerance_percent BETWEEN 0 AND 100);

-- What an intent counts for in its windows: the windows are the sums of their intents. `terms` holds what else its
-- settlement goes by, where that is not the amount in the base currency, captured at once.
ALTER TABLE decisions
  ADD COLUMN category          text,
  ADD COLUMN amount_base_minor numeric(60),
  ADD COLUMN spent_minor       numeric(60),
  ADD COLUMN held_minor        numeric(60),
  ADD COLUMN terms             json;

-- What was said of the payment of an intent, by reference; a cancellation's is the empty text.
CREATE TABLE settlements (
  organization_id uuid NOT NULL,
  intent_id       text NOT NULL,
  reference       text NOT NULL,
  amount_minor    numeric(40) NOT NULL CHECK (amount_minor >= 0),
  final           boolean NOT NULL,
  confirmed       boolean NOT NULL,
  event_id        text NOT NULL,
  recorded_at     timestamptz NOT NULL,
  PRIMARY KEY (organization_id, intent_id, reference)
);

-- An answer of people, a settlement, or both may come before the decision that they belong to.
ALTER TABLE early_resolutions
  ALTER COLUMN approval_id DROP NOT NULL,
  ALTER COLUMN outcome DROP NOT NULL,
  ALTER COLUMN resolved_at DROP NOT NULL,
  ADD COLUMN settled boolean NOT NULL DEFAULT false;
GRANT UPDATE ON early_resolutions TO aegis_policy;

CALL isolate_by_organization('shared_budgets');
CALL isolate_by_organization('shared_budget_windows');
CALL isolate_by_organization('settlements');

GRANT SELECT, INSERT, UPDATE, DELETE ON shared_budgets, shared_budget_windows TO aegis_policy;
GRANT SELECT, INSERT, UPDATE ON settlements TO aegis_policy;
