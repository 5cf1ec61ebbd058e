import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import type { LeafRow, StoredEntry } from '../domain/stored-entry.ts';
import { selectLeafRows, selectRange, type SeqRange } from '../store/entries.ts';

/** With leaves of the largest size, two pages of them stay below 100 MB. */
const ENTRY_PAGE_ROWS = 500;
const LEAF_PAGE_ROWS = 1_000;

type Select<T> = (tx: Tx, organizationId: string, range: SeqRange) => Promise<T[]>;

/** The entries of a range with all that is stored of them, page by page. */
export function readRange(
  database: Database,
  organizationId: string,
  range: SeqRange,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEntry[]> {
  return readPages(database, organizationId, range, signal, { select: selectRange, rows: ENTRY_PAGE_ROWS });
}

/** The leaves of a range and their stored checksums, page by page: what following the chain takes. */
export function readLeafRange(
  database: Database,
  organizationId: string,
  range: SeqRange,
  signal: AbortSignal,
): AsyncGenerator<readonly LeafRow[]> {
  return readPages(database, organizationId, range, signal, { select: selectLeafRows, rows: LEAF_PAGE_ROWS });
}

/**
 * Reads the next page while the last one is being worked on. Each page is a transaction of its own: entries never change,
 * and a snapshot held for the length of an export would keep the whole database from being cleaned.
 */
async function* readPages<T>(
  database: Database,
  organizationId: string,
  range: SeqRange,
  signal: AbortSignal,
  { select, rows }: { readonly select: Select<T>; readonly rows: number },
): AsyncGenerator<readonly T[]> {
  const fetch = (from: number): Promise<T[]> => {
    const to = Math.min(from + rows, range.to);
    const page = database.read({ organizationId }, (tx) => select(tx, organizationId, { from, to }));
    // It may fail when nobody waits for it any more.
    page.catch(() => undefined);
    return page;
  };
  let ahead = fetch(range.from);
  for (let from = range.from; from < range.to; from += rows) {
    const page = await ahead;
    signal.throwIfAborted();
    if (from + rows < range.to) ahead = fetch(from + rows);
    yield page;
  }
}
