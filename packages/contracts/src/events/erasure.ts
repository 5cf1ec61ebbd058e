import { hash } from 'node:crypto';
import { serviceActor } from '../actor.ts';
import { createEvent, decodeEvent, type EncodedEvent, type Event } from './envelope.ts';
import type { ERASING_STORES } from './registry.ts';

type EraseRequested = Event<'privacy.erase_requested'>;

/** The requests to erase among messages, of which nothing else is read. */
export function eraseRequestsOf(messages: readonly Pick<EncodedEvent, 'headers' | 'value'>[]): EraseRequested[] {
  return messages.flatMap((message) => {
    if (message.headers['ce_type'] !== 'privacy.erase_requested') return [];
    const event = decodeEvent(message);
    return event?.type === 'privacy.erase_requested' ? [event] : [];
  });
}

/** What a store answers once it has erased. The id follows from the request, so that an answer given twice is one. */
export function storeErased(
  store: (typeof ERASING_STORES)[number],
  { id: causationId, data, organizationId, traceparent }: EraseRequested,
  time: Date,
): Event<'privacy.store_erased'> {
  const { erasureId } = data;
  const event = createEvent({
    source: store,
    type: 'privacy.store_erased',
    time,
    subject: erasureId,
    organizationId,
    actor: serviceActor(store),
    causationId,
    traceparent,
    data: { erasureId, store },
  });
  return { ...event, id: `evt_${hash('sha256', `${store} ${erasureId}`).slice(0, 32)}` };
}
