import { hash } from 'node:crypto';
import { canonicalJson } from '../../canonical-json.ts';
import type { Leaf } from '../../leaf.ts';
import type { ProvenLeaf } from '../../leaf-chain.ts';
import type { BaseRecord, Columns } from '../columns.ts';
import { fieldsOf, flag, integerOf, textOf, textsOf } from '../fields.ts';
import { peopleOf } from '../people.ts';
import type { AddedCells, Profile } from '../profile.ts';
import type { RowSettings } from '../row-settings.ts';

const COLUMNS = {
  use_start: 'text',
  use_end: 'text',
  reference_data_id: 'text',
  reference_data_sha256: 'text',
  input_digest: 'text',
  input: 'text',
  matched_conditions: 'text',
  verifier_ids: 'text',
  oversight_action: 'text',
  output: 'text',
  risk_flag: 'text',
  incident_ref: 'text',
  substantial_change: 'text',
  monitoring_tag: 'text',
} as const satisfies Columns;

type Cells = AddedCells<typeof COLUMNS>;

/** For Regulation (EU) 2024/1689: what went in and came out, against which rules, and which people watched. */
export const euAiAct: Profile = {
  standard: 'eu_ai_act',
  version: 'eu_ai_act/2',
  columns: COLUMNS,
  rows: (entry, base, settings) => [cells(entry, base, settings)],
  gaps: {},
};

function cells(entry: ProvenLeaf, base: BaseRecord, settings: RowSettings): Cells {
  const { leaf } = entry;
  const { data } = leaf;
  const input = inputOf(entry);
  const reference = referenceData(leaf);
  const { checkers } = peopleOf(leaf);
  return {
    use_start: textOf(data['intentCreatedAt']) ?? textOf(data['createdAt']) ?? textOf(data['requestedAt']),
    use_end: data['final'] === true ? textOf(data['decidedAt']) : textOf(data['resolvedAt']),
    reference_data_id: reference.id,
    reference_data_sha256: reference.sha256,
    input_digest: input.digest,
    input: input.text,
    matched_conditions: Array.isArray(data['reasons']) ? JSON.stringify(data['reasons']) : null,
    verifier_ids: checkers.length === 0 ? null : checkers.join(' '),
    oversight_action: oversightOf(leaf),
    output: leaf.type === 'intent.decided' ? base.decision : null,
    risk_flag: flag(isRisk(leaf)),
    incident_ref: incidentOf(base, settings),
    // Whether a change is substantial is for the provider to say.
    substantial_change: CHANGES.test(leaf.type) ? 'not_assessed' : null,
    monitoring_tag: monitoringTag(leaf.type),
  };
}

/** The policy set that a decision was made with. */
function referenceData({ type, data }: Leaf): { id: string | null; sha256: string | null } {
  const set = type === 'policy_set.activated' ? data : fieldsOf(data['policySet']);
  const version = integerOf(set['version']);
  return { id: version === null ? null : `policy_set@${version}`, sha256: textOf(set['hash']) };
}

/**
 * What the system was given. The digest of a submission is over the salted digests of its personal parts, so it remains
 * when they are erased and lets nobody guess them; that of a decision is over the fields as the decision saw them.
 */
function inputOf({ leaf, disclosed }: ProvenLeaf): { digest: string | null; text: string | null } {
  const { type, data, sd = {} } = leaf;
  if (type === 'intent.decided') {
    const text = canonicalJson(fieldsOf(data['context']));
    return { digest: hash('sha256', text), text };
  }
  if (type !== 'intent.submitted') return { digest: null, text: null };
  const paths = Object.keys(sd);
  const whole = paths.every((path) => disclosed.has(path));
  const values = Object.fromEntries(paths.map((path) => [path.replace('/data/', ''), disclosed.get(path)]));
  return { digest: hash('sha256', canonicalJson(sd)), text: whole ? JSON.stringify(values) : null };
}

/** Article 14(4)(d) and (e): people approve or reject, reverse an outcome, or stop the agent. */
function oversightOf({ type, actor, data }: Leaf): string | null {
  if (actor.type !== 'human') return null;
  switch (type) {
    case 'approval.responded':
      return textOf(data['decision']);
    case 'intent.cancelled':
      return 'override';
    case 'agent.suspended':
      return 'stop';
    default:
      return null;
  }
}

const RISKS = new Set(['approval.self_approval_refused', 'agent.suspended', 'auth.forbidden', 'event.unreadable']);

/** Article 12(2)(a): something out of the ordinary; for a decision, that a guard spoke. Null for what is no use. */
function isRisk({ type, data }: Leaf): boolean | null {
  if (RISKS.has(type)) return true;
  return Array.isArray(data['guards']) ? data['guards'].length > 0 : null;
}

function incidentOf(base: BaseRecord, { incidents }: RowSettings): string | null {
  const refs = incidents.filter(
    ({ subject_id: id }) => id === base.subject_id || id === base.intent_id || id === base.event_id,
  );
  return refs.length === 0 ? null : refs.map(({ ref }) => ref).join(' ');
}

/** What changes how the system decides. */
const CHANGES = /^(?:policy|policy_set|agent|organization|fx_rate|budget)\./;

const TAGS: Readonly<Record<string, readonly string[]>> = {
  use: ['intent'],
  oversight: ['approval', 'delegation'],
  change: ['policy', 'policy_set', 'agent', 'organization', 'fx_rate', 'budget', 'wallet', 'audit_settings'],
  access: ['user', 'key', 'auth', 'webhook'],
  evidence: ['export', 'export_schedule', 'event', 'privacy', 'retention', 'log'],
};

function monitoringTag(type: string): string | null {
  const word = type.split('.', 1)[0] ?? '';
  return Object.keys(TAGS).find((tag) => textsOf(TAGS[tag]).includes(word)) ?? null;
}
