import type { EventData, EventType } from '@aegis/contracts/events/catalog';
import { createEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { appendOutbox } from '@aegis/postgres/outbox';
import type { Tx } from '@aegis/postgres/transaction';
import type { Caller } from './caller.ts';

/** Tells of a change in the transaction that makes it; the caller holds the lock of what changed. */
export async function appendRegistryEvent<T extends EventType>(
  tx: Tx,
  caller: Caller,
  event: { readonly type: T; readonly subject: string; readonly time: Date; readonly data: EventData<T> },
): Promise<void> {
  await appendOutbox(tx, [encodeEvent(createEvent({ source: 'policy', ...caller, ...event }))]);
}
