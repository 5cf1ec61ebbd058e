/**
 * The columns every standard's export starts with, in the order of the file. `number` columns hold numbers (whole, or a
 * decimal string where a fraction must stay exact) and cannot carry a formula; `text` columns hold whatever was recorded.
 */
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
} as const satisfies Record<string, 'number' | 'text'>;

export type Column = keyof typeof BASE_COLUMNS;

/** One entry as an export shows it; null where the entry has no such thing. */
export type ExportRecord = Readonly<Record<Column, string | number | null>>;

export const COLUMNS = Object.keys(BASE_COLUMNS) as readonly Column[];
