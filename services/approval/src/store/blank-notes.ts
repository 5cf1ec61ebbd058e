import type { Tx } from '@aegis/postgres/transaction';

export interface Whose {
  readonly intentIds: readonly string[];
  readonly userId: string | null;
}

/** Takes out the notes of the answers about these intents, and those that this person gave. */
export async function blankNotes(tx: Tx, organizationId: string, { intentIds, userId }: Whose): Promise<void> {
  await tx.query(
    `UPDATE approval_responses r SET note = NULL
     WHERE r.organization_id = $1 AND r.note IS NOT NULL AND (r.responder_id = $3 OR r.approval_id IN (
       SELECT id FROM approval_requests q WHERE q.organization_id = $1 AND q.intent_id = ANY ($2::text[])))`,
    [organizationId, intentIds, userId],
  );
}
