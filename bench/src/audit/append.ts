import type { PlacedEntry } from '@aegis/audit/store/append';
import { insertDisclosures, insertEntries } from '@aegis/audit/store/append';
import type { LogEvent, NextSalt } from '@aegis/audit/domain/entry';
import { prepareEntry } from '@aegis/audit/domain/entry';
import { appendEntries } from '@aegis/audit/usecases/append-entries';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import type { AuditDatabase } from './database.ts';
import { logEvents } from './events.ts';

const BATCH = 1_000;

/**
 * Entries a second into the log, from the events to the commit; and, as the floor, the same rows in the same batches by
 * the same statements, ready made: no lock, no hash, no chain, no tree.
 */
export async function appendRates(
  { database, floor }: AuditDatabase,
  nextSalt: NextSalt,
  organizationId: string,
  count: number,
): Promise<{ append: number; floor: number }> {
  let [appendMs, floorMs] = [0, 0];
  for (let left = count; left > 0; left -= BATCH) {
    const events = logEvents(organizationId, Math.min(left, BATCH));
    const startedAt = performance.now();
    const placed = await append(database, nextSalt, events);
    const appendedAt = performance.now();
    await insert(floor, placed);
    appendMs += appendedAt - startedAt;
    floorMs += performance.now() - appendedAt;
  }
  return { append: (count / appendMs) * 1_000, floor: (count / floorMs) * 1_000 };
}

/** Makes the log longer. */
export async function appendAll(database: Database, nextSalt: NextSalt, organizationId: string, count: number) {
  for (let left = count; left > 0; left -= BATCH) {
    await append(database, nextSalt, logEvents(organizationId, Math.min(left, BATCH)));
  }
}

function append(database: Database, nextSalt: NextSalt, events: readonly LogEvent[]): Promise<readonly PlacedEntry[]> {
  return appendEntries(
    database,
    ALL_ORGANIZATIONS,
    events.map((event) => prepareEntry(event, nextSalt)),
  );
}

async function insert(floor: Database, placed: readonly PlacedEntry[]): Promise<void> {
  const disclosed = placed.filter(({ entry }) => entry.disclosures.length > 0);
  await floor.tx(ALL_ORGANIZATIONS, async (tx) => {
    await Promise.all([insertEntries(tx, placed), insertDisclosures(tx, disclosed)]);
  });
}

export function perSecond(count: number, startedAt: number): number {
  return (count / (performance.now() - startedAt)) * 1_000;
}
