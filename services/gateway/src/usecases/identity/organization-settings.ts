import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Principal } from '@aegis/http/principal';
import { organizationEvent } from '../../domain/identity/events.ts';
import {
  findOrganization,
  lockOrganization,
  type Organization,
  renameOrganization,
} from '../../store/identity/organizations.ts';
import { causeOf, type Command, emit } from './command.ts';
import type { OrganizationSettings, PolicyOrganizations } from './policy-organizations.ts';

export interface OrganizationWithSettings {
  readonly organization: Organization;
  readonly settings: OrganizationSettings;
}

export async function getOrganization(
  { db, policy }: { db: Pick<Database, 'read'>; policy: PolicyOrganizations },
  principal: Principal,
): Promise<OrganizationWithSettings> {
  const { organizationId } = principal;
  const organization = await db.read({ organizationId }, (tx) => findOrganization(tx, organizationId));
  if (!organization) throw new ProblemError('not_found', 'no such organization');
  return { organization, settings: await policy.get(principal) };
}

export interface UpdateOrganizationCommand extends Command {
  readonly name: string | undefined;
  readonly settings: Partial<OrganizationSettings>;
}

/** Changes what is given. The settings go first, to their owner; the event tells the whole state after both. */
export async function updateOrganization(
  { db, policy }: { db: Pick<Database, 'tx'>; policy: PolicyOrganizations },
  command: UpdateOrganizationCommand,
): Promise<OrganizationWithSettings> {
  const { principal, name } = command;
  const { organizationId } = principal;
  const changed = Object.values(command.settings).some((value) => value !== undefined);
  const settings = changed ? await policy.put(principal, command.settings) : await policy.get(principal);
  return db.tx({ organizationId }, async (tx) => {
    await lockOrganization(tx, organizationId);
    const before = await findOrganization(tx, organizationId);
    const organization = before && (await renameOrganization(tx, organizationId, name ?? before.name));
    if (!organization) throw new ProblemError('not_found', 'no such organization');
    const state = { organizationId, name: organization.name, ...settings };
    await emit(tx, organizationEvent('organization.updated', state, causeOf(command, organization.updatedAt)));
    return { organization, settings };
  });
}
