import type { Database } from '@aegis/postgres/database';
import type { Approval } from '../domain/approval-request.ts';
import { selectForIntent } from '../store/select-approvals.ts';

/** The requests of one intent, the oldest first; none for another organisation's intent. */
export async function listForIntent(database: Database, organizationId: string, intentId: string): Promise<Approval[]> {
  return database.read({ organizationId }, (tx) => selectForIntent(tx, organizationId, intentId));
}
