import type { PlacedEntry } from '@aegis/audit/store/append';
import { insertDisclosures, insertEntries } from '@aegis/audit/store/append';
import type { LogEvent, NextSalt } from '@aegis/audit/domain/entry';
import { prepareEntry } from '@aegis/audit/domain/entry';
import { appendEntries } from '@aegis/audit/usecases/append-entries';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';

export const BATCH = 1_000;

/** Entries a second into the log, from events to the commit, in batches; resolves also to what was written. */
export async function appendRate(
  database: Database,
  nextSalt: NextSalt,
  events: readonly LogEvent[],
): Promise<{ rate: number; batches: readonly (readonly PlacedEntry[])[] }> {
  const batches: (readonly PlacedEntry[])[] = [];
  const startedAt = performance.now();
  for (let at = 0; at < events.length; at += BATCH) {
    const entries = events.slice(at, at + BATCH).map((event) => prepareEntry(event, nextSalt));
    batches.push(await appendEntries(database, ALL_ORGANIZATIONS, entries));
  }
  return { rate: perSecond(events.length, startedAt), batches };
}

/** The same rows in the same batches and by the same statements, ready made: no lock, no hash, no chain, no tree. */
export async function insertRate(floor: Database, batches: readonly (readonly PlacedEntry[])[]): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  for (const batch of batches) {
    const disclosed = batch.filter(({ entry }) => entry.disclosures.length > 0);
    await floor.tx(ALL_ORGANIZATIONS, async (tx) => {
      await Promise.all([insertEntries(tx, batch), insertDisclosures(tx, disclosed)]);
    });
    count += batch.length;
  }
  return perSecond(count, startedAt);
}

export function perSecond(count: number, startedAt: number): number {
  return (count / (performance.now() - startedAt)) * 1_000;
}
