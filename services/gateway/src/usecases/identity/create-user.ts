import type { Role } from '@aegis/contracts/permissions';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { userCreatedEvent } from '../../domain/identity/events.ts';
import { ungrantableRole } from '../../domain/identity/grants.ts';
import type { User } from '../../domain/identity/user.ts';
import type { PasswordHasher } from '../../security/password-hasher.ts';
import { findUser, insertUser } from '../../store/identity/users.ts';
import { causeOf, type Command, emit, holdGranter, refuseTaken } from './command.ts';

export interface CreateUserCommand extends Command {
  /** Becomes the id, so that a repetition finds what was made. */
  readonly seed: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly roles: readonly Role[];
}

/** Throws ProblemError: `forbidden` for a role beyond the caller, `already_exists` for a taken e-mail address. */
export async function createUser(
  { db, hasher }: { db: Pick<Database, 'tx'>; hasher: PasswordHasher },
  command: CreateUserCommand,
): Promise<User> {
  const { seed: id, email, name, password, roles } = command;
  const { organizationId } = command.principal;
  const passwordHash = await hasher.hash(password);
  const work = db.tx({ organizationId }, async (tx) => {
    const role = ungrantableRole(await holdGranter(tx, command), roles);
    if (role !== undefined)
      throw new ProblemError('forbidden', `the role ${role} may do more than you, so you cannot give it`);
    const user = await insertUser(tx, { id, organizationId, email, name, roles, passwordHash, identity: null });
    if (!user) {
      const earlier = await findUser(tx, organizationId, id);
      if (!earlier) throw new ProblemError('already_exists', 'a user with this id exists');
      return earlier;
    }
    await emit(tx, userCreatedEvent(user, causeOf(command, user.createdAt)));
    return user;
  });
  return work.catch((error: unknown) => refuseTaken(error, 'a user with this e-mail address exists'));
}
