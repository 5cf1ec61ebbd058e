import type { Tx } from '@aegis/postgres/transaction';
import type { TreeHead } from '../domain/tree-growth.ts';

/**
 * Where an organisation's chain ends, and its Merkle tree; `recordedAtMs` is the time of its last entry, in milliseconds
 * since the epoch.
 */
export interface ChainHead extends TreeHead {
  readonly organizationId: string;
  readonly size: number;
  readonly head: string;
  readonly recordedAtMs: number;
}

interface HeadRow extends Record<string, unknown> {
  organization_id: string;
  size: bigint;
  head: string;
  recorded_at: Date | null;
  tree_size: bigint;
  tree: Buffer;
}

const COLUMNS = 'organization_id, size, head, recorded_at, tree_size, tree';

const toHead = (row: HeadRow): ChainHead => ({
  organizationId: row.organization_id,
  size: Number(row.size),
  head: row.head,
  recordedAtMs: row.recorded_at?.getTime() ?? 0,
  treeSize: Number(row.tree_size),
  tree: row.tree,
});

/** A chain that nobody else appends to for as long as the transaction lasts. */
export interface LockedHead extends ChainHead {
  /** The database's clock once the lock was granted, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Locks the chains until the transaction ends. The order of the ids is the order of the locks, so that no two batches
 * wait for each other. A chain that was never begun is missing from the answer.
 */
export async function lockHeads(tx: Tx, organizationIds: readonly string[]): Promise<Map<string, LockedHead>> {
  const { rows } = await tx.query<HeadRow & { now_ms: bigint }>(
    {
      name: 'lock_heads',
      // The clock is read above the locking, row by row; beside it, it would be read before the wait for the lock.
      text: `WITH locked AS MATERIALIZED (
               SELECT ${COLUMNS} FROM chain_heads
               WHERE organization_id = ANY($1::uuid[]) ORDER BY organization_id FOR UPDATE)
             SELECT *, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms FROM locked`,
    },
    [organizationIds],
  );
  return new Map(rows.map((row) => [row.organization_id, { ...toHead(row), nowMs: Number(row.now_ms) }]));
}

/** Begins the chains that do not exist yet. */
export async function createHeads(tx: Tx, organizationIds: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO chain_heads (organization_id)
     SELECT id FROM unnest($1::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING`,
    [organizationIds],
  );
}

export async function moveHeads(tx: Tx, heads: readonly ChainHead[]): Promise<void> {
  await tx.query(
    {
      name: 'move_heads',
      text: `UPDATE chain_heads c SET size = h.size, head = h.head, recorded_at = h.recorded_at,
                    tree_size = h.tree_size, tree = decode(h.tree, 'hex')
             FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[], $5::bigint[], $6::text[])
                  AS h (organization_id, size, head, recorded_at, tree_size, tree)
             WHERE c.organization_id = h.organization_id`,
    },
    [
      heads.map((head) => head.organizationId),
      heads.map((head) => head.size),
      heads.map((head) => head.head),
      heads.map((head) => new Date(head.recordedAtMs).toISOString()),
      heads.map((head) => head.treeSize),
      heads.map((head) => head.tree.toString('hex')),
    ],
  );
}

/** Null for an organisation without entries. */
export async function readHead(tx: Tx, organizationId: string): Promise<ChainHead | null> {
  const { rows } = await tx.query<HeadRow>(
    { name: 'read_head', text: `SELECT ${COLUMNS} FROM chain_heads WHERE organization_id = $1` },
    [organizationId],
  );
  return rows[0] ? toHead(rows[0]) : null;
}

/** Entries over all chains that the transaction may see. */
export async function sumSizes(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ sum: string | null }>('SELECT sum(size) AS sum FROM chain_heads');
  return Number(rows[0]?.sum ?? 0);
}
