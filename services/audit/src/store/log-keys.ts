import type { Tx } from '@aegis/postgres/transaction';

export interface LogKey {
  /** Counted from 1. */
  readonly generation: number;
  readonly vkey: string;
  /** Sealed; null where the key comes from the configuration. */
  readonly privateKey: Buffer | null;
  readonly introducedAt: Date;
}

type LogKeyRow = { generation: number; vkey: string; private_key: Buffer | null; introduced_at: Date };

/** The keys of an organisation's log, the current one last. */
export async function selectLogKeys(tx: Tx, organizationId: string): Promise<LogKey[]> {
  const { rows } = await tx.query<LogKeyRow>(
    `SELECT generation, vkey, private_key, introduced_at FROM log_keys WHERE organization_id = $1 ORDER BY generation`,
    [organizationId],
  );
  return rows.map((row) => ({
    generation: row.generation,
    vkey: row.vkey,
    privateKey: row.private_key,
    introducedAt: row.introduced_at,
  }));
}

/** Does nothing where the generation exists: another replica was first. */
export async function insertLogKey(tx: Tx, organizationId: string, key: Omit<LogKey, 'introducedAt'>): Promise<void> {
  await tx.query(
    `INSERT INTO log_keys (organization_id, generation, vkey, private_key) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [organizationId, key.generation, key.vkey, key.privateKey],
  );
}
