import type { Database } from '@aegis/postgres/database';
import type { StoredEntry } from '../domain/stored-entry.ts';
import { selectRange, type SeqRange } from '../store/entries.ts';

/** With leaves of the largest size, two pages of them stay below 100 MB. */
const PAGE_ROWS = 500;

/**
 * Reads a range page by page, the next one while the last one is being worked on. Each page is a transaction of its own:
 * entries never change, and a snapshot held for the length of an export would keep the whole database from being cleaned.
 */
export async function* readRange(
  database: Database,
  organizationId: string,
  range: SeqRange,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEntry[]> {
  const fetch = (from: number): Promise<StoredEntry[]> => {
    const to = Math.min(from + PAGE_ROWS, range.to);
    const page = database.read({ organizationId }, (tx) => selectRange(tx, organizationId, { from, to }));
    // It may fail when nobody waits for it any more.
    page.catch(() => undefined);
    return page;
  };
  let ahead = fetch(range.from);
  for (let from = range.from; from < range.to; from += PAGE_ROWS) {
    const page = await ahead;
    signal.throwIfAborted();
    if (from + PAGE_ROWS < range.to) ahead = fetch(from + PAGE_ROWS);
    yield page;
  }
}
