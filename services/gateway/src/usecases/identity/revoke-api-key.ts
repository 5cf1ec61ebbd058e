import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { keyRevokedEvent } from '../../domain/identity/events.ts';
import { findApiKey, revokeApiKey as storeRevocation } from '../../store/identity/api-keys.ts';
import { causeOf, type Command, emit } from './command.ts';

/** Does nothing to a key that is revoked already. Throws ProblemError `not_found`. */
export async function revokeApiKey(
  { db }: { db: Pick<Database, 'tx'> },
  command: Command & { readonly keyId: string },
): Promise<void> {
  const { organizationId } = command.principal;
  await db.tx({ organizationId }, async (tx) => {
    const key = await storeRevocation(tx, organizationId, command.keyId);
    if (key?.revokedAt) return emit(tx, keyRevokedEvent(key, causeOf(command, key.revokedAt)));
    if (!(await findApiKey(tx, organizationId, command.keyId))) throw new ProblemError('not_found', 'no such key');
  });
}
