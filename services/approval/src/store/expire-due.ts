import type { Row, Tx } from '@aegis/postgres/transaction';

/** A request whose time has run out, just closed. */
export interface ExpiredRequest {
  readonly id: string;
  readonly organizationId: string;
  readonly intentId: string;
  readonly agentId: string;
  readonly responderIds: readonly string[];
  readonly requestedAt: Date;
  readonly resolvedAt: Date;
}

interface ExpiredRow extends Row {
  readonly id: string;
  readonly organization_id: string;
  readonly intent_id: string;
  readonly agent_id: string;
  readonly responder_ids: string[];
  readonly requested_at: Date;
  readonly resolved_at: Date;
}

// Other replicas pass over what this one holds; so does this one over a request that somebody is answering right now,
// which is settled by then or still due at the next look. As a scalar subquery the clock is read once and fits the index.
const EXPIRE = {
  name: 'expire-due',
  text: `
  WITH due AS MATERIALIZED (
    SELECT organization_id, id FROM approval_requests
    WHERE status = 'open' AND expires_at <= (SELECT clock_timestamp())
    ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
  )
  UPDATE approval_requests r SET status = 'expired', resolved_at = date_trunc('milliseconds', clock_timestamp())
  FROM due WHERE r.organization_id = due.organization_id AND r.id = due.id
  RETURNING r.id, r.organization_id, r.intent_id, r.agent_id, r.requested_at, r.resolved_at,
    ARRAY(SELECT v.responder_id FROM approval_responses v
          WHERE v.organization_id = r.organization_id AND v.approval_id = r.id
          ORDER BY v.responded_at, v.responder_id) AS responder_ids`,
};

const NEXT_DEADLINE = {
  name: 'next-deadline',
  text: `SELECT ceil(extract(epoch FROM min(expires_at) - clock_timestamp()) * 1000)::float AS wait_ms
         FROM approval_requests WHERE status = 'open'`,
};

/** Closes up to `limit` requests that are due by the database's clock, the longest overdue first. */
export async function expireDue(tx: Tx, limit: number): Promise<ExpiredRequest[]> {
  const { rows } = await tx.query<ExpiredRow>(EXPIRE, [limit]);
  return rows.map((row) => ({
    id: row.id,
    organizationId: row.organization_id,
    intentId: row.intent_id,
    agentId: row.agent_id,
    responderIds: row.responder_ids,
    requestedAt: row.requested_at,
    resolvedAt: row.resolved_at,
  }));
}

/** Milliseconds until the next open request is due, 0 or less when one is; null when none is open. */
export async function nextDeadlineMs(tx: Tx): Promise<number | null> {
  const { rows } = await tx.query<{ wait_ms: number | null }>(NEXT_DEADLINE);
  return rows[0]?.wait_ms ?? null;
}
