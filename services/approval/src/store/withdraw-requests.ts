import type { Tx } from '@aegis/postgres/transaction';
import type { SettledIntent } from '../domain/open-requests.ts';

// An open request is one without `resolved_at`. Said by status, the planner may take the index of open requests and go
// through all of the organisation's for each intent, instead of finding the intent by its key.
const WITHDRAW = {
  name: 'withdraw-requests',
  text: `
  UPDATE approval_requests r SET status = 'withdrawn', resolved_at = date_trunc('milliseconds', clock_timestamp())
  FROM unnest($1::uuid[], $2::text[]) AS settled (organization_id, intent_id)
  WHERE r.organization_id = settled.organization_id AND r.intent_id = settled.intent_id AND r.resolved_at IS NULL`,
};

/** Closes the open requests of intents that are decided without them. Resolves to their number, nearly always 0. */
export async function withdrawRequests(tx: Tx, settled: readonly SettledIntent[]): Promise<number> {
  if (settled.length === 0) return 0;
  const { rowCount } = await tx.query(WITHDRAW, [
    settled.map((intent) => intent.organizationId),
    settled.map((intent) => intent.intentId),
  ]);
  return rowCount;
}
