import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Policy } from '../domain/policy.ts';
import { findPolicy } from '../store/policies.ts';
import type { Caller } from './caller.ts';

/** An archived policy is still readable: decisions name it. @throws ProblemError `not_found` */
export async function getPolicy(
  { database }: { readonly database: Database },
  caller: Caller,
  id: string,
): Promise<Policy> {
  const policy = await database.read(caller, (tx) => findPolicy(tx, caller.organizationId, id));
  if (!policy) throw policyNotFound();
  return policy;
}

export function policyNotFound(): ProblemError {
  return new ProblemError('not_found', 'no such policy');
}
