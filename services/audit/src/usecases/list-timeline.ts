import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { StoredEntry } from '../domain/stored-entry.ts';
import { selectTimeline } from '../store/entries.ts';

export interface ListTimeline {
  readonly organizationId: string;
  readonly intentId: string;
  /** The seq of the last entry of the page before; null on the first page. */
  readonly after: number | null;
  readonly limit: number;
}

export interface TimelinePage {
  /** Oldest first. */
  readonly entries: readonly StoredEntry[];
  /** `after` of the next page, null on the last one. */
  readonly next: number | null;
}

/**
 * What happened to one intent, in the order in which it was recorded.
 *
 * @throws ProblemError `not_found` when the organisation's log holds nothing about it
 */
export async function listTimeline(database: Database, query: ListTimeline): Promise<TimelinePage> {
  const { organizationId, intentId, after, limit } = query;
  const found = await database.read({ organizationId }, (tx) =>
    selectTimeline(tx, organizationId, intentId, after ?? -1, limit + 1),
  );
  if (found.length === 0 && after === null) {
    throw new ProblemError('not_found', 'the log holds nothing about such an intent');
  }
  const entries = found.slice(0, limit);
  return { entries, next: found.length > limit ? (entries.at(-1)?.seq ?? null) : null };
}
