import type { Role } from '@aegis/contracts/permissions';
import { MAX_COUNTED_TOTAL } from '@aegis/contracts/http/pagination';
import type { Tx } from '@aegis/postgres/transaction';
import type { ListRequest } from '../../domain/identity/listing.ts';
import type { User, UserStatus } from '../../domain/identity/user.ts';

type UserRow = {
  id: string;
  organization_id: string;
  email: string | null;
  name: string;
  roles: Role[];
  status: UserStatus;
  issuer: string | null;
  session_version: number;
  created_at: Date;
  updated_at: Date;
};

const COLUMNS = 'id, organization_id, email, name, roles, status, issuer, session_version, created_at, updated_at';

function fromRow(row: UserRow): User {
  return {
    id: row.id,
    organizationId: row.organization_id,
    email: row.email,
    name: row.name,
    roles: row.roles,
    status: row.status,
    issuer: row.issuer,
    sessionVersion: row.session_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export interface NewUser {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string | null;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly passwordHash: string | null;
  /** Issuer and subject of an external user. */
  readonly identity: { readonly issuer: string; readonly subject: string } | null;
}

const INSERT = {
  name: 'users-insert',
  text: `INSERT INTO users (id, organization_id, email, name, roles, status, password_hash, issuer, subject)
         VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING ${COLUMNS}`,
};

/** Null when the id is taken; a taken e-mail or identity raises the constraint `users_email` or `users_identity`. */
export async function insertUser(tx: Tx, user: NewUser): Promise<User | null> {
  const { id, organizationId, email, name, roles, passwordHash, identity } = user;
  const values = [id, organizationId, email, name, roles, passwordHash, identity?.issuer, identity?.subject];
  const { rows } = await tx.query<UserRow>(INSERT, values);
  return rows[0] ? fromRow(rows[0]) : null;
}

const FIND = {
  name: 'users-find',
  text: `SELECT ${COLUMNS} FROM users WHERE organization_id = $1 AND id = $2`,
};

export async function findUser(tx: Tx, organizationId: string, id: string): Promise<User | null> {
  const { rows } = await tx.query<UserRow>(FIND, [organizationId, id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Holds the user as it is until the transaction ends: nobody takes rights away while they are being used to grant. */
export async function holdUser(tx: Tx, organizationId: string, id: string): Promise<User | null> {
  const { rows } = await tx.query<UserRow>(`${FIND.text} FOR SHARE`, [organizationId, id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Users of any organisation. Ids that do not exist are absent from the answer. */
export async function findUsersById(tx: Tx, ids: readonly string[]): Promise<User[]> {
  const statement = { name: 'users-find-many', text: `SELECT ${COLUMNS} FROM users WHERE id = ANY($1::uuid[])` };
  const { rows } = await tx.query<UserRow>(statement, [ids]);
  return rows.map(fromRow);
}

export async function findUserByIdentity(
  tx: Tx,
  organizationId: string,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): Promise<User | null> {
  const { rows } = await tx.query<UserRow>(
    `SELECT ${COLUMNS} FROM users WHERE organization_id = $1 AND issuer = $2 AND subject = $3`,
    [organizationId, issuer, subject],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

export interface Account {
  readonly user: User;
  readonly passwordHash: string;
}

/** Local users with the address, in one organisation or (null) in any; at most `limit`. */
export async function findAccounts(
  tx: Tx,
  email: string,
  organizationId: string | null,
  limit: number,
): Promise<Account[]> {
  const { rows } = await tx.query<UserRow & { password_hash: string }>(
    `SELECT ${COLUMNS}, password_hash FROM users
     WHERE issuer IS NULL AND email = $1 AND ($2::uuid IS NULL OR organization_id = $2) ORDER BY id LIMIT $3`,
    [email, organizationId, limit],
  );
  return rows.map((row) => ({ user: fromRow(row), passwordHash: row.password_hash }));
}

export async function findPasswordHash(tx: Tx, organizationId: string, id: string): Promise<string | null> {
  const { rows } = await tx.query<{ password_hash: string | null }>(
    'SELECT password_hash FROM users WHERE organization_id = $1 AND id = $2',
    [organizationId, id],
  );
  return rows[0]?.password_hash ?? null;
}

const UPDATE = {
  name: 'users-update',
  text: `UPDATE users SET email = $3, name = $4, roles = $5, status = $6, session_version = $7,
           password_hash = coalesce($8, password_hash), updated_at = date_trunc('milliseconds', clock_timestamp())
         WHERE organization_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
};

/** Stores the user as it is given; `passwordHash` null keeps the password. Throws when the user does not exist. */
export async function updateUser(tx: Tx, user: User, passwordHash: string | null): Promise<User> {
  const { organizationId, id, email, name, roles, status, sessionVersion } = user;
  const values = [organizationId, id, email, name, roles, status, sessionVersion, passwordHash];
  const { rows } = await tx.query<UserRow>(UPDATE, values);
  if (!rows[0]) throw new Error(`user ${id} does not exist`);
  return fromRow(rows[0]);
}

export async function countActiveOwners(tx: Tx, organizationId: string): Promise<number> {
  const { rows } = await tx.query<{ count: bigint }>(
    `SELECT count(*) FROM users WHERE organization_id = $1 AND status = 'active' AND 'owner' = ANY(roles)`,
    [organizationId],
  );
  return Number(rows[0]?.count);
}

/** Oldest first; one row more than the limit when there is a next page. `total` is counted up to 10,001. */
export async function listUsers(tx: Tx, request: ListRequest): Promise<{ rows: User[]; total: number }> {
  const { organizationId, limit, offset, after } = request;
  const counted = await tx.query<{ count: bigint }>(
    `SELECT count(*) FROM (SELECT FROM users WHERE organization_id = $1 LIMIT ${MAX_COUNTED_TOTAL + 1}) AS found`,
    [organizationId],
  );
  const { rows } = await tx.query<UserRow>(
    `SELECT ${COLUMNS} FROM users
     WHERE organization_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid))
     ORDER BY created_at, id LIMIT $4 OFFSET $5`,
    [organizationId, after?.createdAt, after?.id, limit + 1, offset],
  );
  return { rows: rows.map(fromRow), total: Number(counted.rows[0]?.count) };
}
