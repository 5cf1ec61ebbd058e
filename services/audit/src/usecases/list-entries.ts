import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import type { StoredEntry } from '../domain/stored-entry.ts';
import { readHead } from '../store/chain-heads.ts';
import { countEntries, type EntryFilter, firstSeqAt, selectNewest, type SeqRange } from '../store/entries.ts';
import { fits, MAX_COUNTED, planScan, scanEntries } from './scan-entries.ts';

export interface ListEntries {
  readonly organizationId: string;
  readonly filter: EntryFilter;
  /** Half-open over the recorded times; null is without bound. */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly limit: number;
  readonly offset: number;
  /** The seq of the last entry of the page before; only older ones follow. */
  readonly before: number | null;
}

export interface EntryPage {
  /** Newest first. */
  readonly entries: readonly StoredEntry[];
  /** Null beyond what is counted. */
  readonly total: number | null;
  /** `before` of the next page, null on the last one. */
  readonly next: number | null;
}

/**
 * Entries newest first, by index. Where conditions go together none of which is selective, a page reads a bounded number
 * of entries instead, may be short, and has no total.
 *
 * @throws ProblemError `invalid_request` for an offset there
 */
export async function listEntries(database: Database, query: ListEntries): Promise<EntryPage> {
  const { organizationId, filter, limit, offset, before } = query;
  return database.read({ organizationId }, async (tx) => {
    const range = await rangeOf(tx, query);
    const rest = before === null ? range : { from: range.from, to: Math.min(before, range.to) };
    const plan = await planScan(tx, organizationId, range, filter);
    if (plan !== null) {
      if (offset > 0) throw new ProblemError('invalid_request', 'filters as common as these are paged by cursor alone');
      return scanEntries(tx, query, plan.driver, rest, fits(plan.rest));
    }
    const found = await selectNewest(tx, organizationId, rest, filter, { limit: limit + 1, offset });
    const entries = found.slice(0, limit);
    return {
      entries,
      total: await total(tx, organizationId, range, filter),
      next: found.length > limit ? (entries.at(-1)?.seq ?? null) : null,
    };
  });
}

async function rangeOf(tx: Tx, { organizationId, from, to }: ListEntries): Promise<SeqRange> {
  const size = (await readHead(tx, organizationId))?.size ?? 0;
  return {
    from: from === null ? 0 : await firstSeqAt(tx, organizationId, size, from),
    to: to === null ? size : await firstSeqAt(tx, organizationId, size, to),
  };
}

/** What is left of the range behind the page before. */
export async function rangeBefore(tx: Tx, query: ListEntries): Promise<SeqRange> {
  const range = await rangeOf(tx, query);
  return query.before === null ? range : { from: range.from, to: Math.min(query.before, range.to) };
}

/** Without a filter the places themselves tell: a chain has no gaps. */
async function total(tx: Tx, organizationId: string, range: SeqRange, filter: EntryFilter): Promise<number | null> {
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const count = filtered
    ? await countEntries(tx, organizationId, range, filter, MAX_COUNTED + 1)
    : Math.max(range.to - range.from, 0);
  return count > MAX_COUNTED ? null : count;
}
