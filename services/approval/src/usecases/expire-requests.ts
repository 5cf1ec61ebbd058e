import { encodeEvent } from '@aegis/contracts/events/envelope';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import { expireDue, nextDeadlineMs } from '../store/expire-due.ts';
import { expiredEvent } from './events.ts';

/** Requests closed in one transaction. */
const BATCH = 500;

/**
 * Closes requests whose time has run out, a batch at a time, and tells policy. Resolves to the milliseconds until there is
 * more to do: 0 for at once, null when no request is open.
 */
export async function expireRequests(database: Database): Promise<number | null> {
  return database.tx(ALL_ORGANIZATIONS, async (tx) => {
    const expired = await expireDue(tx, BATCH);
    await appendOutbox(
      tx,
      expired.map((request) => encodeEvent(expiredEvent(request))),
    );
    if (expired.length === BATCH) return 0;
    return nextDeadlineMs(tx);
  });
}
