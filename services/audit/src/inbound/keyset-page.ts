import { ProblemError } from '@aegis/contracts/problems';
import type { z } from 'zod';
import type { PageInfo } from '@aegis/grpc/generated/aegis/common/v1/PageInfo';
import { refuseCursor } from './cursor.ts';

/** Items of a page whose size was not said, as in the HTTP API. */
const DEFAULT_LIMIT = 20;

/**
 * The page asked for, of a list that is paged by cursor alone; the cursor is the key of the last item of the page before.
 *
 * @throws ProblemError `invalid_request` for an offset, or a cursor that is no such key
 */
export function pageAsked(
  page: { readonly limit: number; readonly offset: number; readonly cursor?: string | undefined } | null | undefined,
  key: z.ZodType<string>,
): { readonly limit: number; readonly before: string | null } {
  if (page?.offset) throw new ProblemError('invalid_request', 'the list is paged by cursor, not by offset');
  const before = page?.cursor || null;
  if (before !== null && !key.safeParse(before).success) refuseCursor();
  return { limit: page?.limit || DEFAULT_LIMIT, before };
}

/** A page out of what was found, which is one item more than the limit where more follow. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  keyOf: (item: T) => string,
): { readonly items: readonly T[]; readonly page: PageInfo } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = found.length > limit;
  return { items, page: { hasMore, ...(hasMore && last !== undefined && { nextCursor: keyOf(last) }) } };
}
