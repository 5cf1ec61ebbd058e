import type { Database } from '@aegis/postgres/database';
import { hasReached, type StoredIntent } from '../../domain/intents/intent.ts';
import { findIntent } from '../../store/intents/find-intents.ts';
import type { IntentWaiters } from './intent-waiters.ts';

export interface AwaitFinalQuery {
  readonly organizationId: string;
  readonly id: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The intent once its decision is final, or as it stands when the time is up; null: no such intent. */
export async function awaitFinal(
  { db, waiters }: { readonly db: Pick<Database, 'read'>; readonly waiters: Pick<IntentWaiters, 'begin'> },
  { organizationId, id, timeoutMs, signal }: AwaitFinalQuery,
): Promise<StoredIntent | null> {
  const read = () => db.read({ organizationId }, (tx) => findIntent(tx, organizationId, id));
  const wait = waiters.begin(id, { goal: 'final', timeoutMs, signal });
  try {
    const intent = await read();
    if (!intent || hasReached(intent.status, 'final')) return intent;
    return (await wait.reached) ?? (await read());
  } finally {
    wait.cancel();
  }
}
