import { encodeEvent, type Event } from '@aegis/contracts/events/envelope';
import { storeErased } from '@aegis/contracts/events/erasure';
import type { Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import { erasePersonal } from '../store/decision-log.ts';
import { eraseNotes } from '../store/wallets.ts';

/**
 * Takes the text of intents out of what their decisions were made from, or a person's notes out of wallets, and says so;
 * any number of times.
 */
export async function eraseIntents(
  database: Pick<Database, 'tx'>,
  requests: readonly Event<'privacy.erase_requested'>[],
): Promise<void> {
  for (const request of requests) {
    const { organizationId, data } = request;
    const { intentIds, createdFrom: from, createdTo: to, userId } = data;
    await database.tx({ organizationId }, async (tx) => {
      if (intentIds.length > 0) await erasePersonal(tx, organizationId, intentIds, { from, to });
      if (userId !== null) await eraseNotes(tx, organizationId, userId);
      await appendOutbox(tx, [encodeEvent(storeErased('policy', request, new Date(request.time)))]);
    });
  }
}
