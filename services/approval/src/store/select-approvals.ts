import type { Row, Tx } from '@aegis/postgres/transaction';
import type { ApprovalFilter, Position } from '../domain/approval-list.ts';
import type { Approval } from '../domain/approval-request.ts';
import { APPROVAL_COLUMNS, type ApprovalRow, approvalOf, assigneeKey } from './approval-row.ts';

interface TotalRow extends Row {
  readonly total: number;
}

export interface Slice {
  readonly limit: number;
  readonly offset: number;
  readonly after: Position | null;
}

// `open` stands in the text, because a plan that serves every value of a parameter cannot use the index of open requests.

const OPEN_PAGE = {
  name: 'open-approvals',
  text: `SELECT ${APPROVAL_COLUMNS} FROM approval_requests r
         WHERE r.organization_id = $1 AND r.assignees && $2 AND r.status = 'open'
           AND ($3::timestamptz IS NULL OR (r.expires_at, r.id) > ($3, $4))
         ORDER BY r.expires_at, r.id LIMIT $5 OFFSET $6`,
};

const HISTORY_PAGE = {
  name: 'approval-history',
  text: `SELECT ${APPROVAL_COLUMNS} FROM approval_requests r
         WHERE r.organization_id = $1 AND r.assignees && $2 AND r.status <> 'open' AND r.status = $7
           AND ($3::timestamptz IS NULL OR (r.resolved_at, r.id) < ($3, $4))
         ORDER BY r.resolved_at DESC, r.id DESC LIMIT $5 OFFSET $6`,
};

const OPEN_COUNT = {
  name: 'count-open-approvals',
  text: `SELECT count(*)::integer AS total FROM (
           SELECT FROM approval_requests r WHERE r.organization_id = $1 AND r.assignees && $2 AND r.status = 'open' LIMIT $3
         ) AS counted`,
};

const HISTORY_COUNT = {
  name: 'count-approval-history',
  text: `SELECT count(*)::integer AS total FROM (
           SELECT FROM approval_requests r
           WHERE r.organization_id = $1 AND r.assignees && $2 AND r.status <> 'open' AND r.status = $4 LIMIT $3
         ) AS counted`,
};

const FOR_INTENT = {
  name: 'approvals-for-intent',
  text: `SELECT ${APPROVAL_COLUMNS} FROM approval_requests r WHERE r.organization_id = $1 AND r.intent_id = $2
         ORDER BY r.requested_at, r.id`,
};

/** Requests assigned to a person or to one of their roles: open ones by expiry ascending, others the latest first. */
export async function selectApprovals(tx: Tx, filter: ApprovalFilter, slice: Slice): Promise<Approval[]> {
  const values = [
    filter.organizationId,
    assigneesOf(filter),
    slice.after?.at ?? null,
    slice.after?.id ?? null,
    slice.limit,
    slice.offset,
  ];
  const { rows } =
    filter.status === 'open'
      ? await tx.query<ApprovalRow>(OPEN_PAGE, values)
      : await tx.query<ApprovalRow>(HISTORY_PAGE, [...values, filter.status]);
  return rows.map(approvalOf);
}

/** How long the whole list is, counted up to `atMost`. */
export async function countApprovals(tx: Tx, filter: ApprovalFilter, atMost: number): Promise<number> {
  const values = [filter.organizationId, assigneesOf(filter), atMost];
  const { rows } =
    filter.status === 'open'
      ? await tx.query<TotalRow>(OPEN_COUNT, values)
      : await tx.query<TotalRow>(HISTORY_COUNT, [...values, filter.status]);
  return rows[0]?.total ?? 0;
}

/** The requests of one intent, the oldest first. */
export async function selectForIntent(tx: Tx, organizationId: string, intentId: string): Promise<Approval[]> {
  const { rows } = await tx.query<ApprovalRow>(FOR_INTENT, [organizationId, intentId]);
  return rows.map(approvalOf);
}

/** Everything that a person may be assigned as. */
function assigneesOf({ userId, roles }: ApprovalFilter): string[] {
  return [{ userId }, ...roles.map((role) => ({ role }))].map(assigneeKey);
}
