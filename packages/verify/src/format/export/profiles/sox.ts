import type { Leaf } from '../../leaf.ts';
import type { ProvenLeaf } from '../../leaf-chain.ts';
import type { BaseRecord, Columns } from '../columns.ts';
import { flag } from '../fields.ts';
import { peopleOf } from '../people.ts';
import type { AddedCells, Profile } from '../profile.ts';
import { controlFor, type RowSettings } from '../row-settings.ts';

const COLUMNS = {
  control_id: 'text',
  control_owner: 'text',
  control_type: 'text',
  itgc_domain: 'text',
  performed_by: 'text',
  performed_at: 'text',
  evidence_ref: 'text',
  result: 'text',
  exception_reason: 'text',
  requester: 'text',
  approver: 'text',
  policy_author: 'text',
  sod_ok: 'text',
  change_ticket: 'text',
  change_approver: 'text',
  deployed_by: 'text',
} as const satisfies Columns;

type Cells = AddedCells<typeof COLUMNS>;

/** For internal control over financial reporting: each entry as evidence for a control of the customer's matrix. */
export const sox: Profile = {
  standard: 'sox',
  version: 'sox/1',
  columns: COLUMNS,
  rows: (entry, base, settings) => [cells(entry, base, settings)],
  gaps: {
    exception_reason: 'results are assessed by the reviewer, who adds the reason',
    change_ticket: 'tickets of changes are kept outside the platform',
    change_approver: 'a change of a policy takes effect without a second person',
    deployed_by: 'deployments of the platform are not recorded in the log',
  },
};

function cells({ leaf, leafHash }: ProvenLeaf, base: BaseRecord, settings: RowSettings): Cells {
  const control = controlFor(settings, leaf.type);
  const { maker, checkers, separate } = peopleOf(leaf);
  return {
    control_id: control?.control_id ?? null,
    control_owner: control?.owner ?? null,
    control_type: control?.type ?? (leaf.actor.type === 'human' ? 'manual' : 'auto'),
    itgc_domain: control?.domain ?? domainOf(leaf.type),
    performed_by: leaf.actor.id,
    performed_at: leaf.occurred_at,
    evidence_ref: `${base.seq}:${leafHash}`,
    result: 'not_assessed',
    exception_reason: null,
    requester: maker,
    approver: checkers.length === 0 ? null : checkers.join(' '),
    policy_author: authorOf(leaf),
    sod_ok: flag(separate),
    change_ticket: null,
    change_approver: null,
    deployed_by: null,
  };
}

function authorOf({ type, actor }: Leaf): string | null {
  return type.startsWith('policy.') ? actor.id : null;
}

/** The domain of IT general controls an entry falls into where the customer's matrix does not say. */
function domainOf(type: string): string {
  if (/^(?:policy|policy_set|agent|organization|audit_settings|fx_rate|budget)\./.test(type)) return 'change';
  return /^(?:user|key|auth|delegation)\./.test(type) ? 'access' : 'operations';
}
