import { MAX_COUNTED_TOTAL } from '@aegis/contracts/http/pagination';
import { ProblemError } from '@aegis/contracts/problems';
import type { z } from 'zod';

export interface Page<T> {
  readonly data: readonly T[];
  readonly pagination: {
    readonly limit: number;
    readonly offset: number;
    readonly total: number | null;
    readonly hasMore: boolean;
    readonly nextCursor: string | null;
  };
}

/**
 * Builds a page from one row more than asked for: the extra row only tells that there is a next page.
 *
 * @param total rows in all as counted up to `MAX_COUNTED_TOTAL + 1`
 * @param cursorOf where the next page begins after a row; opaque to clients
 */
export function toPage<Row, T>(input: {
  readonly rows: readonly Row[];
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
  readonly cursorOf: (row: Row) => unknown;
  readonly present: (row: Row) => T;
}): Page<T> {
  const { rows, limit, offset, total } = input;
  const hasMore = rows.length > limit;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(input.present),
    pagination: {
      limit,
      offset,
      total: total > MAX_COUNTED_TOTAL ? null : total,
      hasMore,
      nextCursor: hasMore && last !== undefined ? encodeCursor(input.cursorOf(last)) : null,
    },
  };
}

export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Throws ProblemError `invalid_request` for anything but a cursor that `encodeCursor` made of such a position. */
export function decodeCursor<T>(cursor: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseOrNull(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  const message = 'is not a cursor of this list';
  throw new ProblemError('invalid_request', `cursor ${message}`, [{ path: 'cursor', message }]);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
