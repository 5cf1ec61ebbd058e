import type { Tx } from '@aegis/postgres/transaction';
import type { Approval } from '../domain/approval-request.ts';
import { APPROVAL_COLUMNS, type ApprovalRow, approvalOf } from './approval-row.ts';

const LOCK = {
  name: 'lock-request',
  text: 'SELECT FROM approval_requests WHERE organization_id = $1 AND id = $2 FOR UPDATE',
};

// A statement of its own: both its snapshot and its clock are taken once the lock is held. Within the statement above the
// votes would be those of before the wait, and the time could be from before it as well.
const READ = {
  name: 'read-locked-request',
  text: `SELECT ${APPROVAL_COLUMNS}, date_trunc('milliseconds', clock_timestamp()) AS now
         FROM approval_requests r WHERE r.organization_id = $1 AND r.id = $2`,
};

/** Locks a request and reads it and the database's time under the lock. Null when the organisation has no such request. */
export async function lockRequest(
  tx: Tx,
  organizationId: string,
  approvalId: string,
): Promise<{ approval: Approval; now: Date } | null> {
  const [, { rows }] = await Promise.all([
    tx.query(LOCK, [organizationId, approvalId]),
    tx.query<ApprovalRow & { now: Date }>(READ, [organizationId, approvalId]),
  ]);
  const [row] = rows;
  return row ? { approval: approvalOf(row), now: row.now } : null;
}
