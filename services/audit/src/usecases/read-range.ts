import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import { selectDisclosedLeaves, selectLinkPage, selectRange, type SeqRange } from '../store/entries.ts';

/**
 * With leaves of the largest size, two pages of them stay below 100 MB. Larger pages outlive the young part of the heap, which
 * costs more than is saved by asking less often.
 */
const ENTRIES = { rows: 500, ahead: 1 };
/** Nothing but checksums is sent, so it is the database that has work to do: on three connections at once. */
const LINKS = { rows: 1_000, ahead: 3 };

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
    const fetched: Promise<Page>[] = [];
    let next = range.from;
    const fetch = (): void => {
      if (next >= range.to) return;
      const [from, to] = [next, Math.min(next + rows, range.to)];
      const page = database.read({ organizationId }, (tx) => select(tx, organizationId, { from, to }));
      // It may fail when nobody waits for it any more.
      page.catch(() => undefined);
      fetched.push(page);
      next = to;
    };
    for (let count = 0; count < ahead; count += 1) fetch();
    for (let first = fetched.shift(); first; first = fetched.shift()) {
      const page = await first;
      signal.throwIfAborted();
      fetch();
      yield page;
    }
  };
}
