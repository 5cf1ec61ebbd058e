import { encodeEvent, type Event } from '@aegis/contracts/events/envelope';
import { storeErased } from '@aegis/contracts/events/erasure';
import type { Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import { blankNotes } from '../store/blank-notes.ts';

/** Blanks what people wrote about intents, or what one of them wrote, and says so; any number of times. */
export async function eraseNotes(
  database: Pick<Database, 'tx'>,
  requests: readonly Event<'privacy.erase_requested'>[],
): Promise<void> {
  for (const request of requests) {
    const { organizationId, data } = request;
    await database.tx({ organizationId }, async (tx) => {
      await blankNotes(tx, organizationId, data);
      await appendOutbox(tx, [encodeEvent(storeErased('approval', request, new Date(request.time)))]);
    });
  }
}
