import type { ProvenLeaf } from '../leaf-chain.ts';
import type { OutlinedData } from '../leaf-outline.ts';
import { BASE_COLUMNS, type BaseRecord } from './columns.ts';
import { fieldsOf, integerOf, textOf } from './fields.ts';

/**
 * Flattens an entry into the base columns. A column is filled from the leaf and its disclosures alone, so that whoever
 * holds those computes the same record.
 */
export function baseRecord({ outline: leaf, leafHash, disclosed }: ProvenLeaf): BaseRecord {
  const data = leaf.data;
  const money = fieldsOf(data['money']);
  const risk = fieldsOf(data['risk']);
  const erased = Object.keys(leaf.sd ?? {}).filter((path) => !disclosed.has(path));
  const policy = policyOf(leaf.type, data);
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
    intent_id: textOf(data['intentId']),
    agent_id: textOf(data['agentId']),
    // What became of the intent or the request, or what a person answered.
    decision: textOf(data['outcome']) ?? textOf(data['decision']),
    policy_id: policy.id,
    policy_version: policy.version,
    policy_sha256: policy.sha256,
    risk_score: textOf(risk['score']),
    risk_model: textOf(risk['model']),
    confidence: textOf(data['confidence']),
    amount_minor: textOf(money['amountMinor']),
    currency: textOf(money['currency']),
    exponent: integerOf(money['exponent']),
    merchant: textOf(disclosed.get('/data/merchant')),
    reason: textOf(disclosed.get('/data/reason')),
    note: textOf(disclosed.get('/data/note')),
    before_sha256: textOf(data['beforeSha256']),
    after_sha256: textOf(data['afterSha256']),
    row_status: erased.length === 0 ? 'present' : 'erased',
    status_reason: erased.length === 0 ? null : `erased: ${erased.join(' ')}`,
  };
}

const NOTHING = Object.fromEntries(Object.keys(BASE_COLUMNS).map((column) => [column, null])) as unknown as BaseRecord;

/** What stands for an entry that the export's filter left out, so that no place is missing. */
export function withheldRecord(seq: number, leafHash: string): BaseRecord {
  return {
    ...NOTHING,
    seq,
    leaf_hash: leafHash,
    row_status: 'withheld',
    status_reason: 'outside the filter of this export',
  };
}

/** A decision names the policy that answered; a policy's own entry names itself, with the digest it has afterwards. */
function policyOf(type: string, data: OutlinedData) {
  if (type === 'policy_set.activated') {
    return { id: null, version: integerOf(data['version']), sha256: textOf(data['hash']) };
  }
  if (typeof data['policyId'] === 'string') {
    return { id: data['policyId'], version: integerOf(data['version']), sha256: textOf(data['afterSha256']) };
  }
  const matched = fieldsOf(data['matchedPolicy']);
  return { id: textOf(matched['id']), version: integerOf(matched['version']), sha256: textOf(matched['sha256']) };
}
