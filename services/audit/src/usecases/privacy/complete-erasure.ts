import { serviceActor } from '@aegis/contracts/actor';
import { newId } from '@aegis/contracts/ids';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { NextSalt } from '../../domain/entry.ts';
import { erasedEventId, isErased, readyToErase } from '../../domain/erasure.ts';
import { latestSettings } from '../../store/audit-settings.ts';
import { deleteDisclosures, selectConcerned, selectLeavesAbout } from '../../store/retention.ts';
import { appendWith } from '../append-entries.ts';
import { ownEntry } from '../record-own-event.ts';

export interface RetentionDependencies {
  readonly database: Database;
  readonly nextSalt: NextSalt;
  readonly clock: Clock;
}

/**
 * Deletes what the log discloses of an erasure's intents or person once every other store has answered, and records
 * `privacy.erased` in the same transaction. Does nothing before, and nothing under a legal hold, after which the sweep
 * comes back to it. May be run any number of times: a later run takes what arrived late, and records that as well, so that
 * exports from before it are known to be others.
 */
export async function completeErasure(
  { database, nextSalt, clock }: RetentionDependencies,
  organizationId: string,
  erasureId: string,
): Promise<void> {
  await appendWith(database, { organizationId }, async (tx) => {
    const nothing = { value: null, entries: [] };
    const { settings } = await latestSettings(tx, organizationId);
    if (settings.retention?.legalHold) return nothing;
    const leaves = await selectLeavesAbout(tx, organizationId, erasureId);
    const scope = readyToErase(leaves);
    if (!scope) return nothing;
    const concerned = await selectConcerned(tx, organizationId, scope.intentIds, scope.userId);
    const entries = await deleteDisclosures(tx, organizationId, concerned);
    const isLate = isErased(leaves);
    if (isLate && entries === 0) return nothing;
    const entry = ownEntry(nextSalt, {
      id: isLate ? newId('evt') : erasedEventId(organizationId, erasureId),
      type: 'privacy.erased',
      organizationId,
      subject: erasureId,
      actor: serviceActor('audit'),
      time: clock.now(),
      causationId: null,
      data: { erasureId, entries },
    });
    return { value: null, entries: [entry] };
  });
}
