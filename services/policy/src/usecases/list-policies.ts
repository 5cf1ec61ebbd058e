import type { Database } from '@aegis/postgres/database';
import { type Page, readPage, WHOLE_LIST } from '../domain/page.ts';
import type { Policy } from '../domain/policy.ts';
import { listPolicies as selectPolicies, policyKeySchema } from '../store/policies.ts';
import type { Caller } from './caller.ts';

/** Active and inactive policies, highest priority first; the whole list when no page is asked for. */
export async function listPolicies(
  { database }: { readonly database: Database },
  caller: Caller,
  page: Parameters<typeof readPage>[0] | null,
): Promise<Page<Policy>> {
  const request = page ? readPage(page, policyKeySchema) : WHOLE_LIST;
  return database.read(caller, (tx) => selectPolicies(tx, caller.organizationId, request));
}
