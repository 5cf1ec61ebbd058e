import { type Event, encodeEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import { planRequests } from '../domain/open-requests.ts';
import { insertRequests } from '../store/insert-requests.ts';
import { withdrawRequests } from '../store/withdraw-requests.ts';
import { requestedEvent } from './events.ts';

/**
 * Takes a batch of decisions: opens a request for each intent that waits for people and has none yet, and withdraws the
 * open request of an intent that is decided for good. A batch delivered again changes nothing.
 *
 * The final decision usually follows from a request's own resolution, and finds nothing open. Where it came another way
 * (a cancellation; a resolution that this database lost to an old backup), the request must neither stay open, asking
 * people for what no longer matters, nor be recorded as an approval or a rejection that nobody gave.
 *
 * Resolves to the time until the first of the new requests expires, in milliseconds; null when none was opened.
 */
export async function applyDecisions(
  database: Database,
  decisions: readonly Event<'intent.decided'>[],
): Promise<number | null> {
  const { open, settled } = planRequests(decisions);
  if (open.length === 0 && settled.length === 0) return null;
  const requests = new Map(open.map((request) => [newId('apr') as string, request]));
  return database.tx(ALL_ORGANIZATIONS, async (tx) => {
    await withdrawRequests(tx, settled);
    const opened = await insertRequests(
      tx,
      [...requests].map(([id, request]) => ({ ...request, id })),
    );
    const events = opened.flatMap((row) => {
      const request = requests.get(row.id);
      return request ? [encodeEvent(requestedEvent(request, row))] : [];
    });
    await appendOutbox(tx, events);
    const lifetimes = opened.map((row) => row.expiresAt.getTime() - row.requestedAt.getTime());
    return lifetimes.length > 0 ? Math.min(...lifetimes) : null;
  });
}
