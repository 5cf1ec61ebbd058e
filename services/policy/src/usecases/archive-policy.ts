import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { Policy } from '../domain/policy.ts';
import { findPolicy } from '../store/policies.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';
import { policyNotFound } from './get-policy.ts';
import { savePolicy } from './save-policy.ts';

/** Takes a policy out of deciding and out of the list for good. Its versions stay; the same call again changes nothing. */
export async function archivePolicy(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  id: string,
): Promise<Policy> {
  return database.tx(caller, async (tx) => {
    const organization = await requireOrganization(tx, caller.organizationId, 'change');
    const before = await findPolicy(tx, caller.organizationId, id);
    if (!before) throw policyNotFound();
    if (before.archived) return before;
    const updatedAt = clock.now().toISOString();
    const after = { ...before, isActive: false, archived: true, version: before.version + 1, updatedAt };
    return savePolicy(tx, caller, organization, 'policy.archived', before, after);
  });
}
