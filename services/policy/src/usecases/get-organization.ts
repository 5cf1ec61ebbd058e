import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import type { Settings } from '../domain/organization.ts';
import { findOrganization, type Organization, type OrganizationLock } from '../store/organizations.ts';
import type { Caller } from './caller.ts';

export async function getOrganization(deps: { readonly database: Database }, caller: Caller): Promise<Settings> {
  const { settings } = await deps.database.read(caller, (tx) => requireOrganization(tx, caller.organizationId));
  return settings;
}

/** @throws ProblemError `not_found` before the organisation's settings were put */
export async function requireOrganization(
  tx: Tx,
  organizationId: string,
  lock: OrganizationLock = 'none',
): Promise<Organization> {
  const organization = await findOrganization(tx, organizationId, lock);
  if (!organization) throw new ProblemError('not_found', 'no such organisation');
  return organization;
}
