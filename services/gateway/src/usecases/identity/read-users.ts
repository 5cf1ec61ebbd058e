import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { User } from '../../domain/identity/user.ts';
import { findUser, listUsers } from '../../store/identity/users.ts';
import type { ListRequest } from '../../domain/identity/listing.ts';

interface ReadDeps {
  readonly db: Pick<Database, 'read'>;
}

/** Throws ProblemError `not_found`. */
export async function getUser({ db }: ReadDeps, organizationId: string, id: string): Promise<User> {
  const user = await db.read({ organizationId }, (tx) => findUser(tx, organizationId, id));
  if (!user) throw new ProblemError('not_found', 'no such user');
  return user;
}

export function searchUsers({ db }: ReadDeps, request: ListRequest): Promise<{ rows: User[]; total: number }> {
  return db.read({ organizationId: request.organizationId }, (tx) => listUsers(tx, request));
}
