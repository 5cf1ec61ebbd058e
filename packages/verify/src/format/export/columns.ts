/**
 * What a column holds. A `number` column holds numbers (whole, or a decimal string where a fraction must stay exact) and
 * cannot carry a formula; a `text` column holds whatever was recorded.
 */
export type ColumnKind = 'number' | 'text';

/** Columns in the order of the file. */
export type Columns = Readonly<Record<string, ColumnKind>>;

/** The columns that every standard's export starts with. */
export const BASE_COLUMNS = {
  seq: 'number',
  leaf_hash: 'text',
  prev: 'text',
  event_id: 'text',
  event_type: 'text',
  occurred_at: 'text',
  recorded_at: 'text',
  late_ms: 'number',
  actor_type: 'text',
  actor_id: 'text',
  actor_role: 'text',
  auth_method: 'text',
  subject_type: 'text',
  subject_id: 'text',
  intent_id: 'text',
  agent_id: 'text',
  decision: 'text',
  policy_id: 'text',
  policy_version: 'number',
  policy_sha256: 'text',
  risk_score: 'number',
  risk_model: 'text',
  confidence: 'number',
  amount_minor: 'number',
  currency: 'text',
  exponent: 'number',
  merchant: 'text',
  reason: 'text',
  note: 'text',
  before_sha256: 'text',
  after_sha256: 'text',
  row_status: 'text',
  status_reason: 'text',
} as const satisfies Columns;

export type Cell = string | number | null;

/** One entry in the base columns; null where the entry has no such thing. */
export type BaseRecord = Readonly<Record<keyof typeof BASE_COLUMNS, Cell>>;

/** One row of a file, by column. */
export type ExportRecord = Readonly<Record<string, Cell>>;
