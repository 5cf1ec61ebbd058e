import type { Tx } from '@aegis/postgres/transaction';
import type { Settings } from '../domain/organization.ts';
import { type Policy, policyDigest } from '../domain/policy.ts';
import { inEvaluationOrder, policySetDigest } from '../domain/policy-set.ts';
import { type Organization, updateOrganization } from '../store/organizations.ts';
import { insertPolicySet } from '../store/policy-sets.ts';
import type { Caller } from './caller.ts';
import { appendRegistryEvent } from './registry-event.ts';

/** What the next version holds: every policy that is not archived, in any order. */
export interface NextPolicySet {
  readonly previousVersion: number;
  readonly policies: readonly Policy[];
  readonly settings: Settings;
}

/**
 * Makes the policies and settings as they now stand the next version, which every decision that starts after this
 * transaction has committed uses. The caller holds the organisation's row, so versions follow one another.
 */
export async function activatePolicySet(tx: Tx, caller: Caller, next: NextPolicySet, now: Date): Promise<Organization> {
  const { organizationId } = caller;
  const { settings } = next;
  const version = next.previousVersion + 1;
  const policies = inEvaluationOrder(next.policies);
  const hash = policySetDigest(organizationId, version, settings, policies);
  const members = policies.map((policy) => ({ id: policy.id, version: policy.version, sha256: policyDigest(policy) }));
  const organization = { settings, policySetVersion: version };
  await insertPolicySet(tx, organizationId, { version, hash, settings, members }, now);
  await updateOrganization(tx, organizationId, organization, now);
  const { baseCurrency, timeZone, defaultAction, fxMaxAgeHours } = settings;
  await appendRegistryEvent(tx, caller, {
    type: 'policy_set.activated',
    subject: organizationId,
    time: now,
    data: {
      version,
      hash,
      policyIds: policies.filter((policy) => policy.isActive).map((policy) => policy.id),
      settings: { baseCurrency, timeZone, defaultAction, fxMaxAgeHours },
    },
  });
  return organization;
}
