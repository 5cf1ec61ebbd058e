import type { Tx } from '@aegis/postgres/transaction';

/** A tree head that was signed, with the note that says so. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

type CheckpointRow = { size: bigint; root: Buffer; note: string };

const toCheckpoint = (row: CheckpointRow): StoredCheckpoint => ({ ...row, size: Number(row.size) });

export async function latestCheckpoint(tx: Tx, organizationId: string): Promise<StoredCheckpoint | null> {
  const { rows } = await tx.query<CheckpointRow>(
    {
      name: 'latest_checkpoint',
      text: 'SELECT size, root, note FROM checkpoints WHERE organization_id = $1 ORDER BY size DESC LIMIT 1',
    },
    [organizationId],
  );
  return rows[0] ? toCheckpoint(rows[0]) : null;
}

/** Those of more than `above` and at most `upTo` entries, in order. */
export async function selectCheckpoints(
  tx: Tx,
  organizationId: string,
  above: number,
  upTo: number,
): Promise<StoredCheckpoint[]> {
  const { rows } = await tx.query<CheckpointRow>(
    'SELECT size, root, note FROM checkpoints WHERE organization_id = $1 AND size > $2 AND size <= $3 ORDER BY size',
    [organizationId, above, upTo],
  );
  return rows.map(toCheckpoint);
}

/** Another replica may have signed the same size: then its checkpoint stays. */
export async function insertCheckpoint(tx: Tx, organizationId: string, checkpoint: StoredCheckpoint): Promise<void> {
  await tx.query(
    `INSERT INTO checkpoints (organization_id, size, root, note) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [organizationId, checkpoint.size, checkpoint.root, checkpoint.note],
  );
}

export interface ToSign {
  readonly all: boolean;
  readonly olderThanMs: number;
  /** The last one of the page before. */
  readonly after: string | null;
  readonly limit: number;
}

/** Organisations whose logs have grown since their last checkpoint (or all of them), in order of their ids. */
export async function organizationsToSign(tx: Tx, { all, olderThanMs, after, limit }: ToSign): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT h.organization_id AS id
     FROM chain_heads h LEFT JOIN LATERAL (
       SELECT c.size, c.signed_at FROM checkpoints c WHERE c.organization_id = h.organization_id
       ORDER BY c.size DESC LIMIT 1) AS last ON true
     WHERE ($1::uuid IS NULL OR h.organization_id > $1) AND ($2 OR last.size IS NULL OR (
       last.size < h.size AND last.signed_at < clock_timestamp() - make_interval(secs => $3::float8 / 1000)))
     ORDER BY h.organization_id LIMIT $4`,
    [after, all, olderThanMs, limit],
  );
  return rows.map((row) => row.id);
}
