import type { EventData } from '@aegis/contracts/events/catalog';
import { changesBetween } from '@aegis/contracts/events/changes';
import { ProblemError } from '@aegis/contracts/problems';
import type { Tx } from '@aegis/postgres/transaction';
import { type Policy, policyDigest } from '../domain/policy.ts';
import { patternLoad, requireBearablePatterns } from '../domain/rules/pattern-budget.ts';
import type { Organization } from '../store/organizations.ts';
import { allPolicies, savePolicyVersion } from '../store/policies.ts';
import { activatePolicySet } from './activate-policy-set.ts';
import type { Caller } from './caller.ts';
import { appendRegistryEvent } from './registry-event.ts';

/** Every intent may have to look at all of them. */
const MAX_POLICIES = 2_000;

/**
 * Writes a policy's next version, tells of it, and makes the set that holds it the one that decides.
 *
 * @throws ProblemError `wrong_state` when it is one too many, `invalid_policy` when it adds regular expressions to a set
 *   that has enough of them
 */
export async function savePolicy(
  tx: Tx,
  caller: Caller,
  organization: Organization,
  type: 'policy.created' | 'policy.updated' | 'policy.archived',
  before: Policy | null,
  after: Policy,
): Promise<Policy> {
  const now = new Date(after.updatedAt);
  await savePolicyVersion(tx, caller.organizationId, after);
  const policies = await allPolicies(tx, caller.organizationId);
  requireBounded(policies, before, after);
  await appendRegistryEvent(tx, caller, { type, subject: after.id, time: now, data: policyState(before, after) });
  const { policySetVersion: previousVersion, settings } = organization;
  await activatePolicySet(tx, caller, { previousVersion, policies, settings }, now);
  return after;
}

/** Whatever takes policies or patterns away stays possible in a set that is beyond a bound. */
function requireBounded(policies: readonly Policy[], before: Policy | null, after: Policy): void {
  if (!before && policies.length > MAX_POLICIES) {
    throw new ProblemError('wrong_state', `an organisation has at most ${MAX_POLICIES} policies; archive some first`);
  }
  if (patternLoad(after.rules) > (before ? patternLoad(before.rules) : 0)) requireBearablePatterns(policies);
}

function policyState(before: Policy | null, after: Policy): EventData<'policy.created'> {
  const { id, version } = after;
  return {
    policyId: id,
    version,
    ...stateOf(after),
    beforeSha256: before && policyDigest(before),
    afterSha256: policyDigest(after),
    changes: changesBetween(before && stateOf(before), stateOf(after)),
  };
}

function stateOf({ name, priority, action, isActive, mode, rules, approval }: Policy) {
  return { name, priority, action, isActive, mode, rules, approval };
}
