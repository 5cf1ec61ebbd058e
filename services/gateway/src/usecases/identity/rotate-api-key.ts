import { ProblemError } from '@aegis/contracts/problems';
import { databaseTime } from '@aegis/postgres/database-time';
import type { Database } from '@aegis/postgres/database';
import { apiKeyStatus, overlapEnd, successorExpiry } from '../../domain/identity/api-key.ts';
import { keyRotatedEvent } from '../../domain/identity/events.ts';
import { insertApiKey, lockApiKey, setApiKeyExpiry } from '../../store/identity/api-keys.ts';
import { causeOf, type Command, emit, holdGranter } from './command.ts';
import {
  type IssuedApiKey,
  keyId,
  newSecret,
  refuseScopes,
  requireFuture,
  secretAlreadyShown,
} from './create-api-key.ts';

export interface RotateApiKeyCommand extends Command {
  /** Becomes the id of the new key. */
  readonly seed: string;
  readonly keyId: string;
  readonly overlapMinutes: number;
  /** Null: as long a life as the old key was given. */
  readonly expiresAt: Date | null;
}

/**
 * Makes a key like another one, which goes on until the overlap is over. Whoever sees the new secret is its maker, so
 * they must be allowed what it may do. Throws ProblemError: `not_found`, `wrong_state` for a key that has ended,
 * `forbidden`, `invalid_request`, `secret_already_shown`.
 */
export async function rotateApiKey(
  { db }: { db: Pick<Database, 'tx'> },
  command: RotateApiKeyCommand,
): Promise<IssuedApiKey> {
  const { organizationId } = command.principal;
  const { secret, ...fields } = newSecret();
  return db.tx({ organizationId }, async (tx) => {
    const now = await databaseTime(tx);
    requireFuture(command.expiresAt, now);
    const creator = await holdGranter(tx, command);
    const old = await lockApiKey(tx, organizationId, command.keyId);
    if (!old) throw new ProblemError('not_found', 'no such key');
    const id = keyId(command.seed);
    const { name, agentId, scopes } = old;
    refuseScopes({ agentId, scopes }, creator);
    const expiresAt = command.expiresAt ?? successorExpiry(old, now);
    const grant = { id, organizationId, name, agentId, scopes, creatorId: creator.id, expiresAt };
    const key = await insertApiKey(tx, { ...grant, ...fields, replacedKeyId: old.id });
    if (!key) throw secretAlreadyShown(id);
    if (apiKeyStatus(old, now) !== 'active')
      throw new ProblemError('wrong_state', 'the key has ended; create another one');
    const overlapUntil = overlapEnd(old, command.overlapMinutes, now);
    await setApiKeyExpiry(tx, organizationId, old.id, overlapUntil);
    await emit(tx, keyRotatedEvent(key, old, overlapUntil, causeOf(command, key.createdAt)));
    return { key, secret };
  });
}
