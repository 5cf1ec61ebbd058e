import type { Tx } from '@aegis/postgres/transaction';

/** Places of entries about these intents, and about or by this person. */
export async function selectConcerned(
  tx: Tx,
  organizationId: string,
  intentIds: readonly string[],
  userId: string | null,
): Promise<number[]> {
  const { rows } = await tx.query<{ seq: bigint }>(
    `SELECT seq FROM entries WHERE organization_id = $1 AND intent_id = ANY ($2::text[])
     UNION SELECT seq FROM entries WHERE organization_id = $1 AND subject_id = $3
     UNION SELECT seq FROM entries WHERE organization_id = $1 AND actor_id = $3`,
    [organizationId, intentIds, userId],
  );
  return rows.map((row) => Number(row.seq));
}

/**
 * Deletes what these entries disclose; resolves to how many disclosed something. Under the role that may do that and
 * nothing else of the kind, which this one statement has: what the transaction says of it is written by the service's own.
 */
export async function deleteDisclosures(tx: Tx, organizationId: string, seqs: readonly number[]): Promise<number> {
  await tx.query('SET LOCAL ROLE aegis_audit_retention');
  const { rowCount } = await tx.query(
    'DELETE FROM disclosures WHERE organization_id = $1 AND seq = ANY ($2::bigint[])',
    [organizationId, seqs],
  );
  await tx.query('SET LOCAL ROLE aegis_audit');
  return rowCount;
}

/** Deletes what the first of the entries below `end` disclose, as many as `limit` of them; resolves to how many did. */
export async function deleteOldest(tx: Tx, organizationId: string, end: number, limit: number): Promise<number> {
  const { rows } = await tx.query<{ seq: bigint }>(
    'SELECT seq FROM disclosures WHERE organization_id = $1 AND seq < $2 ORDER BY seq LIMIT $3',
    [organizationId, end, limit],
  );
  return deleteDisclosures(
    tx,
    organizationId,
    rows.map((row) => Number(row.seq)),
  );
}

/** The first place recorded less than `days` before now, by the database's clock. */
export async function firstSeqWithin(tx: Tx, organizationId: string, size: number, days: number): Promise<number> {
  const { rows } = await tx.query<{ seq: bigint }>(
    'SELECT first_seq_at($1, $2, clock_timestamp() - make_interval(days => $3)) AS seq',
    [organizationId, size, days],
  );
  return Number(rows[0]?.seq);
}

/** The leaves about an erasure, in order. */
export async function selectLeavesAbout(tx: Tx, organizationId: string, erasureId: string): Promise<string[]> {
  const { rows } = await tx.query<{ leaf: string }>(
    'SELECT leaf FROM entries WHERE organization_id = $1 AND subject_id = $2 ORDER BY seq LIMIT 100',
    [organizationId, erasureId],
  );
  return rows.map((row) => row.leaf);
}

/** Erasures that are not complete, and those so recent that an event from before them may still arrive. */
export async function selectErasuresToApply(tx: Tx, organizationId: string, recentDays: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT DISTINCT e.subject_id AS id FROM entries e
     WHERE e.organization_id = $1 AND e.type = 'privacy.erase_requested'
       AND (e.recorded_at > clock_timestamp() - make_interval(days => $2) OR NOT EXISTS (
         SELECT FROM entries x
         WHERE x.organization_id = $1 AND x.subject_id = e.subject_id AND x.type = 'privacy.erased'))`,
    [organizationId, recentDays],
  );
  return rows.map((row) => row.id);
}

export async function selectOrganizations(tx: Tx): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    'SELECT organization_id AS id FROM chain_heads WHERE size > 0 ORDER BY organization_id',
  );
  return rows.map((row) => row.id);
}
