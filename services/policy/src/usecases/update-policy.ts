import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { type Policy, type PolicyChange, readDraft, redraft, sameDefinition } from '../domain/policy.ts';
import { findPolicy } from '../store/policies.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';
import { policyNotFound } from './get-policy.ts';
import { savePolicy } from './save-policy.ts';

/** Absent fields keep their value. A change makes a new version; one that changes nothing makes none. */
export async function updatePolicy(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  id: string,
  change: PolicyChange,
): Promise<Policy> {
  return database.tx(caller, async (tx) => {
    const organization = await requireOrganization(tx, caller.organizationId, 'change');
    const before = await findPolicy(tx, caller.organizationId, id);
    if (!before) throw policyNotFound();
    if (before.archived) throw new ProblemError('wrong_state', 'the policy is archived; create a new one');
    const definition = readDraft(redraft(before, change));
    if (sameDefinition(before, definition)) return before;
    const after = {
      ...before,
      ...definition,
      version: before.version + 1,
      updatedAt: clock.now().toISOString(),
    };
    return savePolicy(tx, caller, organization, 'policy.updated', before, after);
  });
}
