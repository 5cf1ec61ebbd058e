import type { ProvenLeaf } from '../leaf-chain.ts';
import type { ExportRecord } from './columns.ts';

/**
 * Flattens an entry into the base columns. A column is filled from the leaf and its disclosures alone, so that whoever
 * holds those computes the same record.
 */
export function exportRecord({ leaf, leafHash, disclosed }: ProvenLeaf): ExportRecord {
  const data = leaf.data;
  const money = record(data['money']);
  const risk = record(data['risk']);
  const erased = Object.keys(leaf.sd ?? {}).filter((path) => !disclosed.has(path));
  const shown = (name: string) => text(disclosed.get(`/data/${name}`));
  return {
    seq: leaf.seq,
    leaf_hash: leafHash,
    prev: leaf.prev,
    event_id: leaf.id,
    event_type: leaf.type,
    occurred_at: leaf.occurred_at,
    recorded_at: leaf.recorded_at,
    late_ms: Date.parse(leaf.recorded_at) - Date.parse(leaf.occurred_at),
    actor_type: leaf.actor.type,
    actor_id: leaf.actor.id,
    actor_role: leaf.actor.role ?? null,
    auth_method: leaf.actor.auth_method,
    subject_type: leaf.subject.type,
    subject_id: leaf.subject.id,
    intent_id: text(data['intentId']),
    agent_id: text(data['agentId']),
    // What became of the intent or the request, or what a person answered.
    decision: text(data['outcome']) ?? text(data['decision']),
    ...policyOf(leaf.type, data),
    risk_score: text(risk['score']),
    risk_model: text(risk['model']),
    confidence: text(data['confidence']),
    amount_minor: text(money['amountMinor']),
    currency: text(money['currency']),
    exponent: integer(money['exponent']),
    merchant: shown('merchant'),
    reason: shown('reason'),
    note: shown('note'),
    before_sha256: text(data['beforeSha256']),
    after_sha256: text(data['afterSha256']),
    row_status: erased.length === 0 ? 'present' : 'erased',
    status_reason: erased.length === 0 ? null : `erased: ${erased.join(' ')}`,
  };
}

/** A decision names the policy that answered; a policy's own entry names itself, with the digest it has afterwards. */
function policyOf(type: string, data: Readonly<Record<string, unknown>>) {
  if (type === 'policy_set.activated') {
    return { policy_id: null, policy_version: integer(data['version']), policy_sha256: text(data['hash']) };
  }
  if (typeof data['policyId'] === 'string') {
    const sha256 = text(data['afterSha256']);
    return { policy_id: data['policyId'], policy_version: integer(data['version']), policy_sha256: sha256 };
  }
  const matched = record(data['matchedPolicy']);
  return { policy_id: text(matched['id']), policy_version: integer(matched['version']), policy_sha256: null };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function integer(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}
