import type { Tx } from '@aegis/postgres/transaction';

export interface BlankedIntent {
  readonly id: string;
  readonly decided: boolean;
  readonly createdAt: Date;
}

/** The intents, held until the transaction ends; those that are not there are missing from the answer. */
export async function holdIntents(tx: Tx, organizationId: string, ids: readonly string[]): Promise<BlankedIntent[]> {
  const { rows } = await tx.query<{ id: string; decided: boolean; created_at: Date }>(
    `SELECT id, status IN ('approved', 'denied') AS decided, created_at FROM intents
     WHERE organization_id = $1 AND id = ANY ($2::text[]) ORDER BY id FOR UPDATE`,
    [organizationId, ids],
  );
  return rows.map((row) => ({ id: row.id, decided: row.decided, createdAt: row.created_at }));
}

export async function blankIntents(tx: Tx, organizationId: string, ids: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE intents SET reason = '', merchant = NULL, metadata = NULL
     WHERE organization_id = $1 AND id = ANY ($2::text[])`,
    [organizationId, ids],
  );
}

export async function blankUser(tx: Tx, organizationId: string, userId: string): Promise<void> {
  await tx.query(`UPDATE users SET email = NULL, name = '' WHERE organization_id = $1 AND id = $2`, [
    organizationId,
    userId,
  ]);
}
