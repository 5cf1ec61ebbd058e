import type { Row, Tx } from '@aegis/postgres/transaction';
import type { NewRequest } from '../domain/open-requests.ts';
import { assigneeKey } from './approval-row.ts';

/** A request that is open now. */
export interface OpenedRequest {
  readonly id: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
}

interface OpenedRow extends Row {
  readonly id: string;
  readonly requested_at: Date;
  readonly expires_at: Date;
}

// In the order of their key, so that two replicas that insert the same ones wait for each other instead of deadlocking.
const INSERT = {
  name: 'insert-requests',
  text: `
  WITH clock AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS now)
  INSERT INTO approval_requests (id, organization_id, intent_id, agent_id, assignees, quorum, parties,
                                 amount_minor, currency, exponent, decision, requested_at, expires_at)
  SELECT r.id, r."organizationId", r."intentId", r."agentId", r.assignees, r.quorum, r.parties,
         r."amountMinor", r.currency, r.exponent, r.decision, clock.now, clock.now + make_interval(mins => r."expiresInMinutes")
  FROM json_to_recordset($1::json) AS r (
         id text, "organizationId" uuid, "intentId" text, "agentId" uuid, assignees text[], quorum integer, parties text[],
         "amountMinor" numeric, currency text, exponent integer, decision json, "expiresInMinutes" integer), clock
  ORDER BY r."organizationId", r."intentId"
  ON CONFLICT (organization_id, intent_id) DO NOTHING
  RETURNING id, requested_at, expires_at`,
};

/**
 * Opens those of the requests whose intent has none yet, and resolves to these, with their times by the database's clock
 * in milliseconds.
 */
export async function insertRequests(
  tx: Tx,
  requests: readonly (NewRequest & { readonly id: string })[],
): Promise<OpenedRequest[]> {
  if (requests.length === 0) return [];
  const records = requests.map(({ money, assignees, ...request }) => ({
    ...request,
    ...money,
    assignees: assignees.map(assigneeKey),
  }));
  const { rows } = await tx.query<OpenedRow>(INSERT, [JSON.stringify(records)]);
  return rows.map((row) => ({ id: row.id, requestedAt: row.requested_at, expiresAt: row.expires_at }));
}
