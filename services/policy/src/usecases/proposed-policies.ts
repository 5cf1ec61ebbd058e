import { type FieldError, ProblemError } from '@aegis/contracts/problems';
import type { Tx } from '@aegis/postgres/transaction';
import { changeSettings } from '../domain/organization.ts';
import { type Policy, type PolicyDraft, readDraft } from '../domain/policy.ts';
import { PatternBudget } from '../domain/rules/pattern-budget.ts';
import { loadPolicySet, type StoredPolicySet } from '../store/policy-sets.ts';
import { requireOrganization } from './get-organization.ts';

/** A policy of the proposed set; the id of an existing one keeps its age and its name in the report. */
export type ProposedPolicy = PolicyDraft & { readonly id?: string | undefined };

/** What somebody would like to be in force. */
export interface Proposal {
  /** The whole set; null for the policies as they are now. */
  readonly policies: readonly ProposedPolicy[] | null;
  /** The answer when none matches; null for the one of now. */
  readonly defaultAction: string | null;
}

/**
 * The set in force, and the same with the proposed policies in the place of its own.
 *
 * @throws ProblemError `invalid_policy` naming every fault of the proposed policies, `not_found` without any set
 */
export async function loadProposal(
  tx: Tx,
  organizationId: string,
  { policies: drafts, defaultAction }: Proposal,
): Promise<{ readonly live: StoredPolicySet; readonly proposed: StoredPolicySet }> {
  const { policySetVersion } = await requireOrganization(tx, organizationId);
  const live = await loadPolicySet(tx, organizationId, policySetVersion);
  if (!live) throw new ProblemError('not_found', 'the organisation has no policies or settings yet');
  const settings = defaultAction === null ? live.settings : changeSettings(live.settings, { defaultAction });
  const policies = drafts === null ? live.policies : readProposed(drafts, live.policies);
  return { live, proposed: { ...live, settings, policies } };
}

/** New policies count as younger than all there are: among equal priorities the oldest answers first. */
export function readProposed(drafts: readonly ProposedPolicy[], existing: readonly Policy[]): Policy[] {
  const errors: FieldError[] = [];
  const youngest = existing.reduce((latest, { createdAt }) => (createdAt > latest ? createdAt : latest), '');
  const known = new Map(existing.map((policy) => [policy.id, policy]));
  const named = new Set<string>();
  const patterns = new PatternBudget();
  const policies = drafts.map((draft, index): Policy | null => {
    const place = String(index).padStart(4, '0');
    const id = draft.id ?? `${PROPOSED}${place}`;
    if (named.has(id)) errors.push({ path: `policies[${index}].id`, message: 'stands in the list twice' });
    named.add(id);
    const { version, createdAt } = known.get(id) ?? { version: 0, createdAt: `${youngest}+${place}` };
    try {
      return { ...readDraft(draft, patterns), id, version, createdAt, updatedAt: createdAt, archived: false };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      errors.push(...error.errors.map(({ path, message }) => ({ path: `policies[${index}].${path}`, message })));
      return null;
    }
  });
  if (errors.length > 0) {
    const [first] = errors;
    throw new ProblemError('invalid_policy', `${first?.path} ${first?.message}`, errors);
  }
  return policies.filter((policy) => policy !== null);
}

/** Begins the ids of proposed policies that do not exist yet. */
export const PROPOSED = 'proposed-';
