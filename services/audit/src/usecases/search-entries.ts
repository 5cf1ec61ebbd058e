import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import { textMatcher } from '../domain/entry-text.ts';
import type { StoredEntry } from '../domain/stored-entry.ts';
import { selectNewest, type SeqRange } from '../store/entries.ts';
import { type EntryPage, type ListEntries, rangeBefore } from './list-entries.ts';

/** Entries read for one page at most, which take some tenths of a second. */
export const MAX_SCANNED = 5_000;
/** Read at a time, more each time while nothing is found. */
const FIRST_READ = 200;
const MAX_READ = 2_000;

/**
 * The newest entries whose data hold a text. There is no index of texts: it would cost every append, and would keep what
 * is erased. Each page reads a bounded number of entries, from where the one before ended, whatever the length of the
 * log; so a page may be short, or empty, though more follow. The other filters go by their indexes.
 */
export async function searchEntries(database: Database, query: ListEntries, text: string): Promise<EntryPage> {
  const { organizationId } = query;
  return database.read({ organizationId }, async (tx) =>
    scan(tx, query, await rangeBefore(tx, query), textMatcher(text)),
  );
}

async function scan(
  tx: Tx,
  { organizationId, filter, limit }: ListEntries,
  range: SeqRange,
  matches: (entry: StoredEntry) => boolean,
): Promise<EntryPage> {
  const entries: StoredEntry[] = [];
  let before = range.to;
  let scanned = 0;
  for (let size = FIRST_READ; scanned < MAX_SCANNED; size = Math.min(size * 2, MAX_READ, MAX_SCANNED - scanned)) {
    const rest = { from: range.from, to: before };
    const read = await selectNewest(tx, organizationId, rest, filter, { limit: size, offset: 0 });
    for (const entry of read) {
      before = entry.seq;
      if (!matches(entry)) continue;
      entries.push(entry);
      if (entries.length === limit) return { entries, total: null, next: before > range.from ? before : null };
    }
    if (read.length < size) return { entries, total: null, next: null };
    scanned += read.length;
  }
  return { entries, total: null, next: before > range.from ? before : null };
}
