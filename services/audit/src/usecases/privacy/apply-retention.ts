import { serviceActor } from '@aegis/contracts/actor';
import { DEFAULT_RETENTION_DAYS } from '@aegis/contracts/http/audit-settings';
import { newId } from '@aegis/contracts/ids';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import type { Logger } from '@aegis/runtime/log';
import { latestSettings } from '../../store/audit-settings.ts';
import { readHead } from '../../store/chain-heads.ts';
import { deleteOldest, firstSeqWithin, selectErasuresToApply, selectOrganizations } from '../../store/retention.ts';
import { appendWith } from '../append-entries.ts';
import { ownEntry } from '../record-own-event.ts';
import { completeErasure, type RetentionDependencies } from './complete-erasure.ts';

/** Deleted in one transaction, with an entry of its own. */
const BATCH = 5_000;
/** Topics keep events for seven days: until then, one from before an erasure may still arrive. */
const RECENT_DAYS = 8;

/**
 * For every organisation: completes erasures that could not be, and deletes what entries disclose that are older than
 * its retention period. Under a legal hold nothing is deleted. An organisation that fails does not keep the others waiting.
 */
export async function applyRetention(
  dependencies: RetentionDependencies & { readonly log: Logger },
  signal: AbortSignal,
): Promise<void> {
  const { database, log } = dependencies;
  for (const organizationId of await database.read(ALL_ORGANIZATIONS, selectOrganizations)) {
    if (signal.aborted) return;
    try {
      const erasures = await database.read({ organizationId }, (tx) =>
        selectErasuresToApply(tx, organizationId, RECENT_DAYS),
      );
      for (const erasureId of erasures) await completeErasure(dependencies, organizationId, erasureId);
      await expireDisclosures(dependencies, organizationId, signal);
    } catch (error) {
      log.error({ err: error, organizationId }, 'retention was not applied');
    }
  }
}

/**
 * Resolves to how many entries disclose nothing any more. Each batch and the entry that tells of it are written in one
 * transaction, so that the log tells of all that was deleted wherever this breaks off.
 */
export async function expireDisclosures(
  { database, nextSalt, clock }: RetentionDependencies,
  organizationId: string,
  signal: AbortSignal,
): Promise<number> {
  const deleteBatch = async (tx: Tx) => {
    const nothing = { value: 0, entries: [] };
    const { settings } = await latestSettings(tx, organizationId);
    const { days = DEFAULT_RETENTION_DAYS, legalHold = false } = settings.retention ?? {};
    const head = await readHead(tx, organizationId);
    if (head === null || legalHold) return nothing;
    const beforeSeq = await firstSeqWithin(tx, organizationId, head.size, days);
    const entries = await deleteOldest(tx, organizationId, beforeSeq, BATCH);
    if (entries === 0) return nothing;
    const entry = ownEntry(nextSalt, {
      type: 'retention.applied',
      organizationId,
      subject: newId('evt'),
      actor: serviceActor('audit'),
      time: clock.now(),
      causationId: null,
      data: { days, beforeSeq, entries },
    });
    return { value: entries, entries: [entry] };
  };
  let total = 0;
  for (let deleted = BATCH; deleted === BATCH && !signal.aborted;) {
    deleted = (await appendWith(database, { organizationId }, deleteBatch)).value;
    total += deleted;
  }
  return total;
}
