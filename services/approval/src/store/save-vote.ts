import type { Tx } from '@aegis/postgres/transaction';
import type { ApprovalRequest, Vote } from '../domain/approval-request.ts';

const INSERT_VOTE = {
  name: 'insert-vote',
  text: `INSERT INTO approval_responses (organization_id, approval_id, responder_id, decision, note, responded_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
};

const RESOLVE = {
  name: 'resolve-request',
  text: 'UPDATE approval_requests SET status = $3, resolved_at = $4 WHERE organization_id = $1 AND id = $2',
};

/** Writes a vote. The request's lock is held; a second vote of one person breaks the key. */
export async function insertVote(tx: Tx, { organizationId, id }: ApprovalRequest, vote: Vote): Promise<void> {
  await tx.query(INSERT_VOTE, [organizationId, id, vote.responderId, vote.decision, vote.note, vote.respondedAt]);
}

/** Writes the end of a request whose lock is held. */
export async function resolveRequest(
  tx: Tx,
  { organizationId, id }: ApprovalRequest,
  status: 'approved' | 'rejected',
  resolvedAt: Date,
): Promise<void> {
  await tx.query(RESOLVE, [organizationId, id, status, resolvedAt]);
}
