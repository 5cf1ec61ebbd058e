import type { Actor } from '@aegis/contracts/actor';
import { LOG_ONLY_EVENTS, type LogOnlyEventType } from '@aegis/contracts/events/catalog';
import { newId } from '@aegis/contracts/ids';
import type { Database } from '@aegis/postgres/database';
import { CommitUnknownError } from '@aegis/postgres/errors';
import type { z } from 'zod';
import { type NextSalt, type PendingEntry, prepareEntry } from '../domain/entry.ts';
import { appendEntries } from './append-entries.ts';

export interface OwnEvent<T extends LogOnlyEventType> {
  /** A new one unless given: an event whose id is there already is not recorded again. */
  readonly id?: string;
  readonly type: T;
  readonly organizationId: string;
  readonly subject: string;
  readonly actor: Actor;
  readonly time: Date;
  readonly causationId: string | null;
  readonly data: z.input<(typeof LOG_ONLY_EVENTS)[T]>;
}

/** The entry of what this service itself has to say, for a transaction that writes more than that (`appendWith`). */
export function ownEntry<T extends LogOnlyEventType>(nextSalt: NextSalt, event: OwnEvent<T>): PendingEntry {
  const data: Record<string, unknown> = LOG_ONLY_EVENTS[event.type].parse(event.data);
  const attributes = { ...event, id: event.id ?? newId('evt'), time: event.time.toISOString() };
  return prepareEntry({ ...attributes, data, dataText: JSON.stringify(data) }, nextSalt);
}

/**
 * Appends what this service itself has to say to the organisation's chain, without a trip over the broker. Resolves to
 * the event's id.
 */
export async function recordOwnEvent<T extends LogOnlyEventType>(
  database: Database,
  nextSalt: NextSalt,
  event: OwnEvent<T>,
): Promise<string> {
  const entry = ownEntry(nextSalt, event);
  const append = () => appendEntries(database, { organizationId: event.organizationId }, [entry]);
  await append().catch((error: unknown) => {
    // The second time finds the entry if the first one was made durable after all.
    if (error instanceof CommitUnknownError) return append();
    throw error;
  });
  return entry.eventId;
}
