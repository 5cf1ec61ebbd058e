import type { Database } from '@aegis/postgres/database';
import { type ApprovalFilter, type Position, positionOf } from '../domain/approval-list.ts';
import type { Approval } from '../domain/approval-request.ts';
import { countApprovals, selectApprovals } from '../store/select-approvals.ts';

/** Totals are exact up to here; beyond, counting would cost more than it tells. */
const MAX_COUNTED_TOTAL = 10_000;

/** Entries in one answer: what fits a gRPC message of 4 MiB with room to spare. */
export const MAX_PAGE = 500;

export interface PageOf {
  readonly limit: number;
  readonly offset: number;
  /** Null: from the start. */
  readonly after: Position | null;
}

export interface ApprovalPage {
  readonly approvals: readonly Approval[];
  /** Null when there are more than can be counted. */
  readonly total: number | null;
  /** Where the next page begins; null on the last one. */
  readonly next: Position | null;
}

/** One page of the requests assigned to a person or to one of their roles, of one snapshot. */
export async function listApprovals(database: Database, filter: ApprovalFilter, page: PageOf): Promise<ApprovalPage> {
  return database.read({ organizationId: filter.organizationId }, async (tx) => {
    const [found, total] = await Promise.all([
      selectApprovals(tx, filter, { ...page, limit: page.limit + 1 }),
      countApprovals(tx, filter, MAX_COUNTED_TOTAL + 1),
    ]);
    const approvals = found.slice(0, page.limit);
    const last = found.length > page.limit ? approvals.at(-1) : undefined;
    return {
      approvals,
      total: total > MAX_COUNTED_TOTAL ? null : total,
      next: last ? positionOf(last) : null,
    };
  });
}
