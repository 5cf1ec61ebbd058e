import { serviceActor } from '@aegis/contracts/actor';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { sqlState } from '@aegis/postgres/errors';
import { userCreatedEvent } from '../../domain/identity/events.ts';
import type { ExternalIdentity } from '../../domain/identity/external-claims.ts';
import type { User } from '../../domain/identity/user.ts';
import { findUserByIdentity, insertUser } from '../../store/identity/users.ts';
import { emit } from './command.ts';

/**
 * The user behind a verified external token, made at the first sign-in with the roles its claims map to; from then on
 * roles are managed here. Who has no mapped role gets no account. Throws ProblemError `unauthenticated`.
 */
export async function signInExternally(
  { db }: { db: Pick<Database, 'tx' | 'read'> },
  command: { readonly organizationId: string; readonly identity: ExternalIdentity; readonly newId: string },
): Promise<User> {
  const { organizationId, identity } = command;
  const find = () => db.read({ organizationId }, (tx) => findUserByIdentity(tx, organizationId, identity));
  const known = await find();
  if (known) return known;
  if (identity.roles.length === 0) {
    throw new ProblemError('unauthenticated', 'the token is good, but none of its roles is mapped to one here');
  }
  try {
    return await create({ db }, command);
  } catch (error) {
    // Another request of the same person was first.
    const winner = sqlState(error) === '23505' ? await find() : null;
    if (winner) return winner;
    if (sqlState(error) !== '23503') throw error;
    throw new ProblemError('unauthenticated', 'the organization of this OpenID provider does not exist');
  }
}

function create(
  { db }: { db: Pick<Database, 'tx'> },
  { organizationId, identity, newId }: Parameters<typeof signInExternally>[1],
): Promise<User> {
  const { email, name, roles } = identity;
  return db.tx({ organizationId }, async (tx) => {
    const user = await insertUser(tx, { id: newId, organizationId, email, name, roles, passwordHash: null, identity });
    if (!user) throw new Error('the id of a new user is taken');
    const cause = { actor: serviceActor('gateway'), time: user.createdAt, traceparent: null };
    await emit(tx, userCreatedEvent(user, cause));
    return user;
  });
}
