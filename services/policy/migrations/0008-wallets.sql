-- An agent's wallet, under the lock of the agent's row. The balance is what was put in less what was spent; it is null
-- until the first entry, so that agents without a wallet cost nothing. Both columns are sums of the lines below.
ALTER TABLE agents
  ADD COLUMN wallet_mode          text NOT NULL DEFAULT 'tracked' CHECK (wallet_mode IN ('tracked', 'enforced')),
  ADD COLUMN wallet_balance_minor numeric(60),
  ADD COLUMN wallet_held_minor    numeric(60) NOT NULL DEFAULT 0 CHECK (wallet_held_minor >= 0);

-- The journal: every entry moves money between accounts, and its lines sum to zero. Nothing is ever changed.
CREATE TABLE wallet_entries (
  organization_id uuid NOT NULL,
  agent_id        uuid NOT NULL,
  seq             bigint GENERATED ALWAYS AS IDENTITY,
  entry_id        text NOT NULL,
  kind            text NOT NULL
                  CHECK (kind IN ('top_up', 'withdrawal', 'adjustment', 'refund', 'hold', 'capture', 'release')),
  intent_id       text,
  reference       text,
  note            text,
  actor           json,
  occurred_at     timestamptz NOT NULL,
  PRIMARY KEY (organization_id, agent_id, seq),
  UNIQUE (organization_id, entry_id)
);

CREATE TABLE wallet_lines (
  organization_id uuid NOT NULL,
  entry_id        text NOT NULL,
  account         text NOT NULL CHECK (account IN ('available', 'held', 'spend', 'external', 'adjustment')),
  amount_minor    numeric(60) NOT NULL CHECK (amount_minor <> 0),
  PRIMARY KEY (organization_id, entry_id, account)
);

CALL isolate_by_organization('wallet_entries');
CALL isolate_by_organization('wallet_lines');
GRANT SELECT, INSERT ON wallet_entries, wallet_lines TO aegis_policy;
