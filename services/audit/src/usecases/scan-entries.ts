import type { Tx } from '@aegis/postgres/transaction';
import type { StoredEntry } from '../domain/stored-entry.ts';
import { countEntries, type EntryFilter, selectNewest, type SeqRange } from '../store/entries.ts';
import type { EntryPage, ListEntries } from './list-entries.ts';

/** Entries read for one page at most, which take some tenths of a second. */
export const MAX_SCANNED = 5_000;
/** Read at a time, more each time while nothing is found. */
const FIRST_READ = 200;
const MAX_READ = 2_000;

/** Totals are exact up to here. */
export const MAX_COUNTED = 10_000;

/**
 * The newest entries of a range that match. Each page reads a bounded number of entries, from where the one before ended,
 * whatever the length of the log; so a page may be short, or empty, though more follow.
 */
export async function scanEntries(
  tx: Tx,
  { organizationId, limit }: Pick<ListEntries, 'organizationId' | 'limit'>,
  filter: EntryFilter,
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

/** How a filter is read: `driver` by its index, and what is left is looked at entry by entry. */
export interface FilterPlan {
  readonly driver: EntryFilter;
  readonly rest: EntryFilter;
}

/**
 * Where no condition alone is selective, two of them may never meet, and no index tells: looking for the first match
 * would read half the log. Null where one of them is, or there are fewer than two: then the indexes find every page.
 */
export async function planScan(
  tx: Tx,
  organizationId: string,
  range: SeqRange,
  filter: EntryFilter,
): Promise<FilterPlan | null> {
  const conditions = (['intentId', 'subjectId', 'actorId', 'type'] as const).filter(
    (name) => filter[name] !== undefined,
  );
  const [first, ...others] = conditions;
  if (first === undefined || others.length === 0) return null;
  for (const name of conditions) {
    const count = await countEntries(tx, organizationId, range, { [name]: filter[name] }, MAX_COUNTED + 1);
    if (count <= MAX_COUNTED) return null;
  }
  const { [first]: driving, ...rest } = filter;
  return { driver: { [first]: driving }, rest };
}

/** Whether an entry is one of those that the filter asks for. */
export function fits(filter: EntryFilter): (entry: StoredEntry) => boolean {
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined) as [keyof EntryFilter, string][];
  return (entry) => wanted.every(([name, value]) => entry[name] === value);
}
