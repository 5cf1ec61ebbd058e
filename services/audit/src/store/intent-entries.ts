import type { Tx } from '@aegis/postgres/transaction';
import type { EntryReference } from '../domain/stored-entry.ts';

/** The entries about one intent, in order. */
export async function selectForIntent(
  tx: Tx,
  organizationId: string,
  intentId: string,
  limit: number,
): Promise<EntryReference[]> {
  const { rows } = await tx.query<{ seq: bigint; id: string; type: string; checksum: string }>(
    `SELECT seq, event_id AS id, type, encode(leaf_hash, 'hex') AS checksum FROM entries
     WHERE organization_id = $1 AND intent_id = $2 ORDER BY seq LIMIT $3`,
    [organizationId, intentId, limit],
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}
