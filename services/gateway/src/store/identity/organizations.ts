import type { Tx } from '@aegis/postgres/transaction';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type OrganizationRow = { id: string; name: string; created_at: Date; updated_at: Date };

const COLUMNS = 'id, name, created_at, updated_at';

function fromRow({ id, name, created_at, updated_at }: OrganizationRow): Organization {
  return { id, name, createdAt: created_at, updatedAt: updated_at };
}

/** Null when the id is taken. */
export async function insertOrganization(tx: Tx, id: string, name: string): Promise<Organization | null> {
  const { rows } = await tx.query<OrganizationRow>(
    `INSERT INTO organizations (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING ${COLUMNS}`,
    [id, name],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function findOrganization(tx: Tx, id: string): Promise<Organization | null> {
  const { rows } = await tx.query<OrganizationRow>(`SELECT ${COLUMNS} FROM organizations WHERE id = $1`, [id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/**
 * Whoever changes roles in an organisation takes turns, so that two owners cannot unmake each other at once. Not the
 * strongest lock: rows that refer to the organisation may be added meanwhile.
 */
export async function lockOrganization(tx: Tx, id: string): Promise<void> {
  await tx.query('SELECT FROM organizations WHERE id = $1 FOR NO KEY UPDATE', [id]);
}

export async function renameOrganization(tx: Tx, id: string, name: string): Promise<Organization | null> {
  const { rows } = await tx.query<OrganizationRow>(
    `UPDATE organizations SET name = $2, updated_at = date_trunc('milliseconds', clock_timestamp()) WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, name],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}
