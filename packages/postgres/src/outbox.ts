import type { BusMessage } from '@aegis/bus/port';
import { textArray } from './binary-array.ts';
import type { Tx } from './transaction.ts';

/** The signal that wakes this process' relay after the commit. */
export const OUTBOX_SIGNAL = 'outbox';

// The condition is evaluated first and gives the transaction its id, before the first row takes one (see outbox-floor.ts).
const APPEND = {
  name: 'outbox-append',
  text: `INSERT INTO outbox (topic, key, headers, value)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WHERE pg_current_xact_id() IS NOT NULL`,
};

/**
 * Adds events to the transaction that makes them true. They are published in this order per key, at least once, after it
 * commits. The caller holds the lock of each key's aggregate by now: ids are given here, and order per key is id order.
 */
export async function appendOutbox(tx: Tx, messages: readonly BusMessage[]): Promise<void> {
  if (messages.length === 0) return;
  tx.signal(OUTBOX_SIGNAL);
  await tx.query(APPEND, [
    textArray(messages.map((message) => message.topic)),
    textArray(messages.map((message) => message.key)),
    textArray(messages.map((message) => JSON.stringify(message.headers))),
    textArray(messages.map((message) => message.value)),
  ]);
}
