import { createHash } from 'node:crypto';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { organizationEvent, userCreatedEvent } from '../../domain/identity/events.ts';
import type { User } from '../../domain/identity/user.ts';
import type { PasswordHasher } from '../../security/password-hasher.ts';
import { findOrganization, insertOrganization, type Organization } from '../../store/identity/organizations.ts';
import { findUser, insertUser } from '../../store/identity/users.ts';
import { causeOf, type Command, emit } from './command.ts';
import type { OrganizationSettings, PolicyOrganizations } from './policy-organizations.ts';

export interface CreateOrganizationCommand extends Command {
  /** Becomes the id, so that a repetition finds what was made. */
  readonly seed: string;
  readonly name: string;
  readonly settings: Omit<OrganizationSettings, 'fxMaxAgeHours'>;
  readonly owner: { readonly email: string; readonly name: string; readonly password: string };
}

export interface CreatedOrganization {
  readonly organization: Organization;
  readonly settings: OrganizationSettings;
  readonly owner: User;
}

/**
 * Creates an organisation and its first owner. The settings go first, to the service that owns them: they are idempotent
 * by the id, and of no effect as long as the organisation does not exist.
 */
export async function createOrganization(
  deps: { db: Pick<Database, 'tx'>; hasher: PasswordHasher; policy: PolicyOrganizations },
  command: CreateOrganizationCommand,
): Promise<CreatedOrganization> {
  const { principal, seed: organizationId, name, owner } = command;
  const passwordHash = await deps.hasher.hash(owner.password);
  const settings = await deps.policy.put({ organizationId, actor: principal.actor }, command.settings);
  const ownerId = derivedId(organizationId, 'owner');
  return deps.db.tx({ organizationId }, async (tx) => {
    const organization = await insertOrganization(tx, organizationId, name);
    if (!organization) {
      const earlier = await findOrganization(tx, organizationId);
      const itsOwner = await findUser(tx, organizationId, ownerId);
      if (!earlier || !itsOwner) throw new ProblemError('already_exists', 'an organization with this id exists');
      return { organization: earlier, settings, owner: itsOwner };
    }
    const user = await insertUser(tx, {
      id: ownerId,
      organizationId,
      email: owner.email,
      name: owner.name,
      roles: ['owner'],
      passwordHash,
      identity: null,
    });
    if (!user) throw new Error('the id of the first owner is taken');
    const cause = causeOf(command, organization.createdAt);
    await emit(tx, organizationEvent('organization.created', { organizationId, name, ...settings }, cause));
    await emit(tx, userCreatedEvent(user, cause));
    return { organization, settings, owner: user };
  });
}

/** A UUID of version 8 (RFC 9562) that follows from another one. */
function derivedId(id: string, purpose: string): string {
  const hex = createHash('sha256').update(`${id} ${purpose}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
