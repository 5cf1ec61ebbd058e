import type { Bus, Delivery, Subscription } from '@aegis/bus/port';
import { type Event, UnreadableEventError, decodeEvent } from '@aegis/contracts/events/envelope';
import { eraseRequestsOf } from '@aegis/contracts/events/erasure';
import { TOPICS } from '@aegis/contracts/topics';
import { isPermanent } from '@aegis/postgres/errors';
import { withBatchSpans } from '@aegis/runtime/tracing';

export interface ConsumerOptions {
  readonly bus: Bus;
  readonly apply: (decisions: readonly Event<'intent.decided'>[]) => Promise<void>;
  readonly erase: (requests: readonly Event<'privacy.erase_requested'>[]) => Promise<void>;
}

/** People are slower than this; what comes within it shares a transaction, and those who are waited for go first. */
const LINGER_MS = 10;

/** Joins the group `approval`. */
export function startConsumer({ bus, apply, erase }: ConsumerOptions): Promise<Subscription> {
  return bus.subscribe({
    group: 'approval',
    topics: [TOPICS.decisions, TOPICS.registry],
    lingerMs: LINGER_MS,
    handle: (batch) =>
      withBatchSpans(batch, 'approval applies decision', async (traceparentOf) => {
        await apply(decisionsOf(batch, traceparentOf));
        await erase(eraseRequestsOf(batch));
      }),
    isPermanent: (error) => error instanceof UnreadableEventError || isPermanent(error),
  });
}

function decisionsOf(
  batch: readonly Delivery[],
  traceparentOf: (delivery: Delivery) => string | null,
): Event<'intent.decided'>[] {
  return batch.flatMap((delivery) => {
    if (delivery.headers['ce_type'] !== 'intent.decided') return [];
    const event = decodeEvent(delivery);
    return event?.type === 'intent.decided' ? [{ ...event, traceparent: traceparentOf(delivery) }] : [];
  });
}
