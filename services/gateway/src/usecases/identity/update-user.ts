import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import { userUpdatedEvent } from '../../domain/identity/events.ts';
import { applyChange, isActiveOwner, type User, type UserChange } from '../../domain/identity/user.ts';
import { refuseUserChange, type UserChangeRefusal } from '../../domain/identity/user-rules.ts';
import type { PasswordHasher } from '../../security/password-hasher.ts';
import { lockOrganization } from '../../store/identity/organizations.ts';
import { countActiveOwners, findUser, updateUser as storeUser } from '../../store/identity/users.ts';
import { causeOf, type Command, emit, holdGranter, refuseTaken } from './command.ts';

export interface UpdateUserCommand extends Command {
  readonly userId: string;
  readonly change: Omit<UserChange, 'passwordHash'> & { readonly password?: string | undefined };
}

/** Throws ProblemError: `not_found`, `forbidden`, `already_exists`, or `wrong_state` for the last owner. */
export async function updateUser(
  { db, hasher }: { db: Pick<Database, 'tx'>; hasher: PasswordHasher },
  command: UpdateUserCommand,
): Promise<User> {
  const { organizationId } = command.principal;
  const { password, ...rest } = command.change;
  const passwordHash = password === undefined ? undefined : await hasher.hash(password);
  const work = db.tx({ organizationId }, (tx) => change(tx, command, { ...rest, passwordHash }));
  return work.catch((error: unknown) => refuseTaken(error, 'a user with this e-mail address exists'));
}

async function change(tx: Tx, command: UpdateUserCommand, wanted: UserChange): Promise<User> {
  const { organizationId } = command.principal;
  await lockOrganization(tx, organizationId);
  const granter = await holdGranter(tx, command);
  const user = await findUser(tx, organizationId, command.userId);
  if (!user) throw new ProblemError('not_found', 'no such user');
  const refusal = refuseUserChange(granter, user, wanted);
  if (refusal) throw problemOf(refusal);
  const changed = applyChange(user, wanted);
  if (!changed) return user;
  const stored = await storeUser(tx, changed, wanted.passwordHash ?? null);
  if (isActiveOwner(user) && !isActiveOwner(stored) && (await countActiveOwners(tx, organizationId)) === 0) {
    throw new ProblemError('wrong_state', 'an organization keeps at least one active owner');
  }
  await emit(tx, userUpdatedEvent(user, stored, causeOf(command, stored.updatedAt)));
  return stored;
}

function problemOf(refusal: UserChangeRefusal): ProblemError {
  switch (refusal.kind) {
    case 'themselves':
      return new ProblemError(
        'forbidden',
        'nobody changes their own roles, status or e-mail address; for a password see /v1/me/password',
      );
    case 'beyond':
      return new ProblemError(
        'forbidden',
        `the role ${refusal.role} may do more than you, so you cannot give, take or touch it`,
      );
    case 'external':
      return new ProblemError(
        'wrong_state',
        'this user signs in at an OpenID provider, which keeps their e-mail and password',
      );
  }
}
