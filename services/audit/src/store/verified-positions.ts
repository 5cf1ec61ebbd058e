import type { Tx } from '@aegis/postgres/transaction';
import type { ChainPosition } from '@aegis/verify/format/leaf-chain';

interface PositionRow extends Record<string, unknown> {
  size: bigint;
  head: string;
}

/** The last verified position with at most `size` entries behind it. */
export async function verifiedBefore(tx: Tx, organizationId: string, size: number): Promise<ChainPosition | null> {
  const { rows } = await tx.query<PositionRow>(
    `SELECT size, head FROM verified_positions WHERE organization_id = $1 AND size <= $2 ORDER BY size DESC LIMIT 1`,
    [organizationId, size],
  );
  return toPosition(rows[0]);
}

/** The first verified position with at least `size` entries behind it. */
export async function verifiedAfter(tx: Tx, organizationId: string, size: number): Promise<ChainPosition | null> {
  const { rows } = await tx.query<PositionRow>(
    `SELECT size, head FROM verified_positions WHERE organization_id = $1 AND size >= $2 ORDER BY size LIMIT 1`,
    [organizationId, size],
  );
  return toPosition(rows[0]);
}

export async function saveVerified(tx: Tx, organizationId: string, positions: readonly ChainPosition[]): Promise<void> {
  await tx.query(
    `INSERT INTO verified_positions (organization_id, size, head)
     SELECT $1, size, head FROM unnest($2::bigint[], $3::text[]) AS v (size, head) ON CONFLICT DO NOTHING`,
    [organizationId, positions.map((position) => position.size), positions.map((position) => position.head)],
  );
}

function toPosition(row: PositionRow | undefined): ChainPosition | null {
  return row ? { size: Number(row.size), head: row.head } : null;
}
