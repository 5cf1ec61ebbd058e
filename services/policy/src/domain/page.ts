import type { z } from 'zod';
import { invalid } from './invalid.ts';

/** A part of a list, after a position or after a number of rows; `Key` is the sort key of a row. */
export interface PageRequest<Key> {
  readonly limit: number;
  readonly offset: number;
  /** Sort key of the last row of the page before. */
  readonly after: Key | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Exact to 10,000, then null. */
  readonly total: number | null;
  readonly nextCursor: string | null;
}

export const COUNT_LIMIT = 10_000;
const MAX_LIMIT = 100;

/** What a list holds when nobody asks for a page: all of it, within reason. */
export const WHOLE_LIST = { limit: COUNT_LIMIT, offset: 0, after: null } as const;

/** @throws ProblemError `invalid_request` for a limit outside 1 to 100, or a cursor that the list did not give out */
export function readPage<Key>(
  page: { limit: number; offset: number; cursor?: string | undefined },
  keySchema: z.ZodType<Key>,
): PageRequest<Key> {
  const { limit, offset, cursor } = page;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw invalid('limit', `must be from 1 to ${MAX_LIMIT}`);
  if (offset < 0) throw invalid('offset', 'must be zero or more');
  if (!cursor) return { limit, offset, after: null };
  if (offset > 0) throw invalid('cursor', 'excludes offset');
  const key = keySchema.safeParse(decodeCursor(cursor));
  if (!key.success) throw invalid('cursor', 'is not one that this list gave out');
  return { limit, offset, after: key.data };
}

/** `rows` holds one row more than the limit when there is a next page; `keyOf` gives a row's sort key. */
export function pageOf<T, Key>(
  rows: readonly T[],
  { limit }: PageRequest<Key>,
  count: number,
  keyOf: (row: T) => Key,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    items,
    total: count > COUNT_LIMIT ? null : count,
    nextCursor: hasMore ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null,
  };
}

function decodeCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
