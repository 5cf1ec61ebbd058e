import { DEFAULT_PAGE_LIMIT } from '@aegis/contracts/http/pagination';
import { positionTimeSchema } from '@aegis/contracts/http/text';
import { type Page, decodeCursor, toPage } from '@aegis/http/pagination';
import { z } from 'zod';
import type { ListRequest } from '../../../domain/identity/listing.ts';
import type { PageQuery } from '../pages.ts';

/**
 * Which part of an organisation's list is asked for. Lists by time of creation continue after an entry.
 *
 * @param id of the entries, as the database has them
 * @throws ProblemError `invalid_request` for a cursor that the list did not give out
 */
export function listRequest(organizationId: string, query: PageQuery, id: z.ZodType<string>): ListRequest {
  const { limit = DEFAULT_PAGE_LIMIT, offset = 0, cursor } = query;
  if (cursor === undefined) return { organizationId, limit, offset, after: null };
  const [createdAt, lastId] = decodeCursor(cursor, z.tuple([positionTimeSchema, id]));
  return { organizationId, limit, offset, after: { createdAt: new Date(createdAt), id: lastId } };
}

export function listPage<Row extends { readonly createdAt: Date; readonly id: string }, T>(
  request: ListRequest,
  { rows, total }: { rows: readonly Row[]; total: number },
  present: (row: Row) => T,
): Page<T> {
  const { limit, offset } = request;
  const cursorOf = ({ createdAt, id }: Row) => [createdAt.toISOString(), id];
  return toPage({ rows, limit, offset, total, cursorOf, present });
}
