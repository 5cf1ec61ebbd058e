import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { type Policy, type PolicyDraft, readDraft } from '../domain/policy.ts';
import { findPolicy } from '../store/policies.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';
import { savePolicy } from './save-policy.ts';

/**
 * Creates a policy under the caller's id; the same id again answers with the policy that it made.
 *
 * @throws ProblemError `invalid_policy`, with every fault and its path
 */
export async function createPolicy(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  id: string,
  draft: PolicyDraft,
): Promise<Policy> {
  const definition = readDraft(draft);
  return database.tx(caller, async (tx) => {
    const organization = await requireOrganization(tx, caller.organizationId, 'change');
    const existing = await findPolicy(tx, caller.organizationId, id);
    if (existing) return existing;
    const time = clock.now().toISOString();
    const policy = { ...definition, id, version: 1, archived: false, createdAt: time, updatedAt: time };
    return savePolicy(tx, caller, organization, 'policy.created', null, policy);
  });
}
