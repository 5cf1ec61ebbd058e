import { serviceActor } from '@aegis/contracts/actor';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { NextSalt } from '../../domain/entry.ts';
import { erasedEventId, readyToErase } from '../../domain/erasure.ts';
import { latestSettings } from '../../store/audit-settings.ts';
import { deleteDisclosures, selectConcerned, selectLeavesAbout } from '../../store/retention.ts';
import { recordOwnEvent } from '../record-own-event.ts';

export interface RetentionDependencies {
  readonly database: Database;
  /** Under the role that may delete what is disclosed. */
  readonly retention: Database;
  readonly nextSalt: NextSalt;
  readonly clock: Clock;
}

/**
 * Deletes what the log discloses of an erasure's intents or person once every other store has answered, and records
 * `privacy.erased`. Does nothing before, and nothing under a legal hold, after which the sweep comes back to it. May be
 * run any number of times: a later run takes what arrived late.
 */
export async function completeErasure(
  { database, retention, nextSalt, clock }: RetentionDependencies,
  organizationId: string,
  erasureId: string,
): Promise<void> {
  const due = await database.read({ organizationId }, async (tx) => {
    const { settings } = await latestSettings(tx, organizationId);
    if (settings.retention?.legalHold) return null;
    const scope = readyToErase(await selectLeavesAbout(tx, organizationId, erasureId));
    return scope && selectConcerned(tx, organizationId, scope.intentIds, scope.userId);
  });
  if (due === null) return;
  const entries = await retention.tx({ organizationId }, (tx) => deleteDisclosures(tx, organizationId, due));
  await recordOwnEvent(database, nextSalt, {
    id: erasedEventId(organizationId, erasureId),
    type: 'privacy.erased',
    organizationId,
    subject: erasureId,
    actor: serviceActor('audit'),
    time: clock.now(),
    causationId: null,
    data: { erasureId, entries },
  });
}
