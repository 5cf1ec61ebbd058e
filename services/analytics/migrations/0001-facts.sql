-- Facts are written at least once. Rows of one key collapse to one: the key says what a fact is about, the version which
-- of its rows holds. Every query reads with FINAL, so a row written twice counts once whether or not parts were merged.
-- The organisation comes first in every key. Amounts are minor units in integers, never floats.
-- A consumer commits its offset after the insert, so an insert must outlive the machine: fsync.

-- One row an intent and stage (0 submitted, 1 waiting for people, 2 final); the latest stage holds, in whatever order
-- they came. `base_currency` is empty before a decision; `amount_base_minor` is NULL where no exchange rate was known.
-- Ids sort by time of creation, so the index on `created_at` skips what lies outside a window.
CREATE TABLE IF NOT EXISTS {database:Identifier}.intents (
  organization_id   UUID,
  intent_id         String,
  agent_id          UUID,
  stage             UInt8,
  status            LowCardinality(String),
  currency          LowCardinality(String),
  exponent          UInt8,
  amount_minor      Int128,
  base_currency     LowCardinality(String),
  amount_base_minor Nullable(Int128),
  created_at        DateTime64(3, 'UTC'),
  INDEX created_at created_at TYPE minmax
)
ENGINE = ReplacingMergeTree(stage)
ORDER BY (organization_id, intent_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row an approval request, once it is resolved.
CREATE TABLE IF NOT EXISTS {database:Identifier}.approval_resolutions (
  organization_id UUID,
  approval_id     String,
  outcome         LowCardinality(String),
  requested_at    DateTime64(3, 'UTC'),
  resolved_at     DateTime64(3, 'UTC'),
  INDEX resolved_at resolved_at TYPE minmax
)
ENGINE = ReplacingMergeTree
ORDER BY (organization_id, approval_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The base currency of each organisation as of its latest event.
CREATE TABLE IF NOT EXISTS {database:Identifier}.organizations (
  organization_id UUID,
  base_currency   LowCardinality(String),
  changed_at      DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY organization_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
