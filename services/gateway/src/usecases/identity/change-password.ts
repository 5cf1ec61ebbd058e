import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { userUpdatedEvent } from '../../domain/identity/events.ts';
import { applyChange } from '../../domain/identity/user.ts';
import type { PasswordHasher } from '../../security/password-hasher.ts';
import { lockOrganization } from '../../store/identity/organizations.ts';
import { findPasswordHash, findUser, updateUser } from '../../store/identity/users.ts';
import { causeOf, type Command, emit } from './command.ts';
import type { LogInThrottle } from './log-in-throttle.ts';

export interface ChangePasswordCommand extends Command {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly sourceIp: string | null;
}

/** A person's own password; ends all their sessions. Throws ProblemError: `forbidden`, `wrong_state`, `rate_limited`. */
export async function changePassword(
  deps: { db: Pick<Database, 'tx' | 'read'>; hasher: PasswordHasher; throttle: LogInThrottle },
  command: ChangePasswordCommand,
): Promise<void> {
  const { organizationId, userId } = command.principal;
  if (userId === null) throw new ProblemError('forbidden', 'a key has no password');
  const stored = await deps.db.read({ organizationId }, (tx) => findPasswordHash(tx, organizationId, userId));
  if (stored === null)
    throw new ProblemError('wrong_state', 'you sign in at an OpenID provider, which keeps your password');
  const attempt = await deps.throttle.begin(userId, command.sourceIp);
  if (!(await deps.hasher.verify(command.currentPassword, stored))) {
    throw new ProblemError('forbidden', 'the current password is another one');
  }
  await attempt.succeeded();
  const passwordHash = await deps.hasher.hash(command.newPassword);
  await deps.db.tx({ organizationId }, async (tx) => {
    await lockOrganization(tx, organizationId);
    const user = await findUser(tx, organizationId, userId);
    const changed = user && applyChange(user, { passwordHash });
    if (!changed || changed.status !== 'active') throw new ProblemError('wrong_state', 'you are no longer active');
    const after = await updateUser(tx, changed, passwordHash);
    await emit(tx, userUpdatedEvent(user, after, causeOf(command, after.updatedAt)));
  });
}
