import { DEFAULT_PAGE_LIMIT } from '@aegis/contracts/http/pagination';
import { type Page, decodeCursor, toPage } from '@aegis/http/pagination';
import { z } from 'zod';
import type { ListRequest } from '../../../domain/identity/listing.ts';
import type { PageQuery } from '../pages.ts';

/** Lists by time of creation continue after this entry. */
const position = z.tuple([z.iso.datetime(), z.string().max(64)]);

/** Which part of an organisation's list is asked for. */
export function listRequest(organizationId: string, query: PageQuery): ListRequest {
  const { limit = DEFAULT_PAGE_LIMIT, offset = 0, cursor } = query;
  if (cursor === undefined) return { organizationId, limit, offset, after: null };
  const [createdAt, id] = decodeCursor(cursor, position);
  return { organizationId, limit, offset, after: { createdAt: new Date(createdAt), id } };
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
