import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Bus, type Delivery, type Subscription, PermanentError } from '@aegis/bus/port';
import { type AnyEvent, UnreadableEventError, decodeEvent } from '@aegis/contracts/events/envelope';
import { TOPICS } from '@aegis/contracts/topics';
import { withBatchSpans } from '@aegis/runtime/tracing';
import { UnusableFactError } from '../domain/facts.ts';

export interface ConsumerOptions {
  readonly bus: Bus;
  /** How long a batch waits for company, so that few events do not make a part each. */
  readonly lingerMs: number;
  readonly maxBatch: number;
  readonly record: (events: readonly AnyEvent[]) => Promise<void>;
}

/** Decoded between two turns of the event loop; a large batch must not hold up what else the process does. */
const DECODED_AT_ONCE = 100;

/** Joins the group `analytics`. While ClickHouse is down a batch is tried again for ever; nothing is passed over. */
export function startConsumer({ bus, lingerMs, maxBatch, record }: ConsumerOptions): Promise<Subscription> {
  return bus.subscribe({
    group: 'analytics',
    topics: [TOPICS.intents, TOPICS.decisions, TOPICS.approvals, TOPICS.registry],
    lingerMs,
    maxBatch,
    handle: (batch) => withBatchSpans(batch, 'analytics records facts', async () => record(await decodeAll(batch))),
    isPermanent: (error) =>
      error instanceof UnreadableEventError || error instanceof UnusableFactError || error instanceof PermanentError,
  });
}

async function decodeAll(batch: readonly Delivery[]): Promise<AnyEvent[]> {
  const events: AnyEvent[] = [];
  for (const [index, delivery] of batch.entries()) {
    if (index > 0 && index % DECODED_AT_ONCE === 0) await nextTurn();
    const event = decodeEvent(delivery);
    if (event) events.push(event);
  }
  return events;
}
