import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import { selectDisclosedLeaves, selectLinkPage, selectRange, type SeqRange } from '../store/entries.ts';
import { readAhead } from './read-ahead.ts';

/**
 * With leaves of the largest size, two pages of them stay below 100 MB. Larger pages outlive the young part of the heap, which
 * costs more than is saved by asking less often.
 */
const ENTRIES = { rows: 500, ahead: 1 };
/** Nothing but checksums is sent, so it is the database that has work to do: on three connections at once. */
const LINKS = { rows: 1_000, ahead: 2 };

type Select<Page> = (tx: Tx, organizationId: string, range: SeqRange) => Promise<Page>;

/** The entries of a range with all that is stored of them, page by page. */
export const readRange = pages(selectRange, ENTRIES);

/** The leaves of a range with their disclosures, page by page. */
export const readLeaves = pages(selectDisclosedLeaves, ENTRIES);

/** Checksums and links of a range, page by page. */
export const readLinks = pages(selectLinkPage, LINKS);

/**
 * Reads the next pages while the last one is being worked on. Each page is a transaction of its own: entries never change,
 * and a snapshot held for the length of an export would keep the whole database from being cleaned.
 */
function pages<Page>(select: Select<Page>, { rows, ahead }: { readonly rows: number; readonly ahead: number }) {
  return async function* (
    database: Database,
    organizationId: string,
    range: SeqRange,
    signal: AbortSignal,
  ): AsyncGenerator<Page> {
    const read = (part: SeqRange) => database.read({ organizationId }, (tx) => select(tx, organizationId, part));
    for await (const page of readAhead(splitRange(range, rows), ahead, read)) {
      signal.throwIfAborted();
      yield page;
    }
  };
}

function* splitRange({ from, to }: SeqRange, rows: number): Generator<SeqRange> {
  for (let next = from; next < to; next += rows) yield { from: next, to: Math.min(next + rows, to) };
}
