import { type Bus, DEAD_LETTER_TOPIC, type Delivery, type Subscription } from '@aegis/bus/port';
import { UnreadableEventError } from '@aegis/contracts/events/envelope';
import { TOPICS } from '@aegis/contracts/topics';
import type { Clock } from '@aegis/runtime/clock';
import { withBatchSpans } from '@aegis/runtime/tracing';
import { type NextSalt, type PendingEntry, prepareEntry } from '../domain/entry.ts';
import { readLogEvent } from './log-event.ts';

export const AUDIT_GROUP = 'audit';

/** Nobody waits for an entry: what comes within this time shares a transaction, and those who are waited for go first. */
const LINGER_MS = 25;

export interface ConsumerOptions {
  readonly bus: Bus;
  readonly nextSalt: NextSalt;
  readonly clock: Clock;
  readonly append: (entries: readonly PendingEntry[]) => Promise<unknown>;
}

/**
 * Joins the group `audit`: every event of every topic becomes an entry, in the order of arrival. Only a message that
 * cannot be read is given up (and comes back as a dead letter, of which there is always something to record); whatever
 * the database says is tried again, because leaving out an event is not in its gift.
 */
export function startConsumer({ bus, nextSalt, clock, append }: ConsumerOptions): Promise<Subscription> {
  const toEntry = (delivery: Delivery) => prepareEntry(readLogEvent(delivery, clock.now()), nextSalt);
  return bus.subscribe({
    group: AUDIT_GROUP,
    topics: [...Object.values(TOPICS), DEAD_LETTER_TOPIC],
    lingerMs: LINGER_MS,
    handle: (batch) =>
      withBatchSpans(batch, 'audit records event', async () => void (await append(batch.map(toEntry)))),
    isPermanent: (error) => error instanceof UnreadableEventError,
  });
}
