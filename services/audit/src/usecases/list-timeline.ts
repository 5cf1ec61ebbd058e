import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { StoredEntry } from '../domain/stored-entry.ts';
import { parseLeaf } from '@aegis/verify/format/leaf';
import type { Moment } from '../domain/moment.ts';
import { selectTimeline } from '../store/entries.ts';

export interface ListTimeline {
  readonly organizationId: string;
  readonly intentId: string;
  /** The last entry of the page before; null on the first page. */
  readonly after: Moment | null;
  readonly limit: number;
}

export interface TimelinePage {
  /** In the order in which they happened. */
  readonly entries: readonly StoredEntry[];
  /** `after` of the next page, null on the last one. */
  readonly next: Moment | null;
}

/**
 * What happened to one intent, in the order in which it happened.
 *
 * @throws ProblemError `not_found` when the organisation's log holds nothing about it
 */
export async function listTimeline(database: Database, query: ListTimeline): Promise<TimelinePage> {
  const { organizationId, intentId, after, limit } = query;
  const found = await database.read({ organizationId }, (tx) =>
    selectTimeline(tx, organizationId, intentId, after, limit + 1),
  );
  if (found.length === 0 && after === null) {
    throw new ProblemError('not_found', 'the log holds nothing about such an intent');
  }
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return { entries, next: found.length > limit && last ? momentOf(last) : null };
}

function momentOf({ leaf, seq }: StoredEntry): Moment {
  const occurredAt = parseLeaf(leaf)?.occurred_at;
  if (occurredAt === undefined) throw new Error(`the entry ${seq} holds no leaf: verify the log`);
  return { occurredAt, seq };
}
