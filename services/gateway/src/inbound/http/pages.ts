import { DEFAULT_PAGE_LIMIT, type Pagination } from '@aegis/contracts/http/pagination';
import type { PageInfo } from '@aegis/grpc/generated/aegis/common/v1/PageInfo';
import type { PageRequest } from '@aegis/grpc/generated/aegis/common/v1/PageRequest';

export interface PageQuery {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly cursor?: string | undefined;
}

/** The page that was asked for. */
export function pageRequest({ limit = DEFAULT_PAGE_LIMIT, offset = 0, cursor }: PageQuery): PageRequest {
  return cursor === undefined ? { limit, offset } : { limit, offset, cursor };
}

/** Absent when the query asks for no page: then the whole list comes. */
export function optionalPageRequest(query: PageQuery): { page?: PageRequest } {
  return query.limit === undefined && query.cursor === undefined && !query.offset ? {} : { page: pageRequest(query) };
}

/** What a list's answer says about its place, from what the service that made it said. */
export function paginationOf(query: PageQuery, length: number, info: PageInfo | null): Pagination {
  const whole = optionalPageRequest(query).page === undefined;
  return {
    limit: whole ? length : (query.limit ?? DEFAULT_PAGE_LIMIT),
    offset: query.offset ?? 0,
    total: whole ? length : (info?.total ?? null),
    hasMore: !whole && (info?.hasMore ?? false),
    nextCursor: whole ? null : (info?.nextCursor ?? null),
  };
}
