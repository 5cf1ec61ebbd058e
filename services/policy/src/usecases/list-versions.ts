import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { type Page, readPage } from '../domain/page.ts';
import type { Policy } from '../domain/policy.ts';
import { inEvaluationOrder } from '../domain/policy-set.ts';
import { findPolicy, listPolicyVersions as selectVersions, versionKeySchema } from '../store/policies.ts';
import {
  findPolicySet,
  listPolicySets as selectSets,
  loadPolicySet,
  type PolicySetSummary,
} from '../store/policy-sets.ts';
import type { Caller } from './caller.ts';
import { policyNotFound } from './get-policy.ts';

export type { PolicySetSummary };

interface Deps {
  readonly database: Database;
}

type PageQuery = Parameters<typeof readPage>[0];

/** Every version of a policy, archived ones too, the newest first. @throws ProblemError `not_found` */
export async function listPolicyVersions(
  { database }: Deps,
  caller: Caller,
  id: string,
  page: PageQuery,
): Promise<Page<Policy>> {
  const request = readPage(page, versionKeySchema);
  return database.read(caller, async (tx) => {
    if (!(await findPolicy(tx, caller.organizationId, id))) throw policyNotFound();
    return selectVersions(tx, caller.organizationId, id, request);
  });
}

/** Every version of the organisation's settings and policies, the newest first. */
export async function listPolicySets(
  { database }: Deps,
  caller: Caller,
  page: PageQuery,
): Promise<Page<PolicySetSummary>> {
  const request = readPage(page, versionKeySchema);
  return database.read(caller, (tx) => selectSets(tx, caller.organizationId, request));
}

/** A version with its policies in the order of evaluation. @throws ProblemError `not_found` */
export async function getPolicySet(
  { database }: Deps,
  caller: Caller,
  version: number,
): Promise<PolicySetSummary & { readonly policies: readonly Policy[] }> {
  return database.read(caller, async (tx) => {
    const [summary, stored] = await Promise.all([
      findPolicySet(tx, caller.organizationId, version),
      loadPolicySet(tx, caller.organizationId, version),
    ]);
    if (!summary || !stored) throw new ProblemError('not_found', 'no such version of the policy set');
    return { ...summary, policies: inEvaluationOrder(stored.policies) };
  });
}
