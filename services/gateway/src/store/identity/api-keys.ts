import { MAX_COUNTED_TOTAL } from '@aegis/contracts/http/pagination';
import type { Permission, Role } from '@aegis/contracts/permissions';
import type { Tx } from '@aegis/postgres/transaction';
import type { ApiKey, KeyCredential } from '../../domain/identity/api-key.ts';
import type { ListRequest } from '../../domain/identity/listing.ts';
import type { UserStatus } from '../../domain/identity/user.ts';

type ApiKeyRow = {
  id: string;
  organization_id: string;
  name: string;
  prefix: string;
  agent_id: string | null;
  scopes: Permission[];
  creator_id: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
};

const COLUMNS = `id, organization_id, name, prefix, agent_id, scopes, creator_id, created_at, expires_at, revoked_at,
  last_used_at`;

function fromRow(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    prefix: row.prefix,
    agentId: row.agent_id,
    scopes: row.scopes,
    creatorId: row.creator_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

export type NewApiKey = Omit<ApiKey, 'createdAt' | 'revokedAt' | 'lastUsedAt'> & {
  readonly secretSha256: Buffer;
  readonly replacedKeyId: string | null;
};

/** Null when the id is taken. */
export async function insertApiKey(tx: Tx, key: NewApiKey): Promise<ApiKey | null> {
  const { rows } = await tx.query<ApiKeyRow>(
    `INSERT INTO api_keys (id, organization_id, name, prefix, agent_id, scopes, creator_id, expires_at, secret_sha256,
       replaced_key_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING ${COLUMNS}`,
    [
      key.id,
      key.organizationId,
      key.name,
      key.prefix,
      key.agentId,
      key.scopes,
      key.creatorId,
      key.expiresAt,
      key.secretSha256,
      key.replacedKeyId,
    ],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function findApiKey(tx: Tx, organizationId: string, id: string): Promise<ApiKey | null> {
  const text = `SELECT ${COLUMNS} FROM api_keys WHERE organization_id = $1 AND id = $2`;
  const { rows } = await tx.query<ApiKeyRow>(text, [organizationId, id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function lockApiKey(tx: Tx, organizationId: string, id: string): Promise<ApiKey | null> {
  const text = `SELECT ${COLUMNS} FROM api_keys WHERE organization_id = $1 AND id = $2 FOR UPDATE`;
  const { rows } = await tx.query<ApiKeyRow>(text, [organizationId, id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Null when it was revoked before. */
export async function revokeApiKey(tx: Tx, organizationId: string, id: string): Promise<ApiKey | null> {
  const { rows } = await tx.query<ApiKeyRow>(
    `UPDATE api_keys SET revoked_at = clock_timestamp()
     WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING ${COLUMNS}`,
    [organizationId, id],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function setApiKeyExpiry(tx: Tx, organizationId: string, id: string, expiresAt: Date): Promise<void> {
  await tx.query('UPDATE api_keys SET expires_at = $3 WHERE organization_id = $1 AND id = $2', [
    organizationId,
    id,
    expiresAt,
  ]);
}

/** Newest first; one row more than the limit when there is a next page. `total` is counted up to 10,001. */
export async function listApiKeys(tx: Tx, request: ListRequest): Promise<{ rows: ApiKey[]; total: number }> {
  const { organizationId, limit, offset, after } = request;
  const counted = await tx.query<{ count: bigint }>(
    `SELECT count(*) FROM (SELECT FROM api_keys WHERE organization_id = $1 LIMIT ${MAX_COUNTED_TOTAL + 1}) AS found`,
    [organizationId],
  );
  const { rows } = await tx.query<ApiKeyRow>(
    `SELECT ${COLUMNS} FROM api_keys
     WHERE organization_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
     ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5`,
    [organizationId, after?.createdAt, after?.id, limit + 1, offset],
  );
  return { rows: rows.map(fromRow), total: Number(counted.rows[0]?.count) };
}

export interface StoredCredential extends KeyCredential {
  readonly secretSha256: Buffer;
}

type CredentialRow = {
  id: string;
  organization_id: string;
  agent_id: string | null;
  scopes: Permission[];
  creator_id: string;
  secret_sha256: Buffer;
  roles: Role[];
  status: UserStatus;
};

const FIND_CREDENTIALS = {
  name: 'api-keys-credentials',
  text: `SELECT k.id, k.organization_id, k.agent_id, k.scopes, k.creator_id, k.secret_sha256, u.roles, u.status
         FROM api_keys k JOIN users u ON u.id = k.creator_id
         WHERE k.secret_sha256 = ANY($1::bytea[]) AND k.revoked_at IS NULL
           AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())`,
};

/** The keys with these digests that work now, of any organisation. */
export async function findCredentials(tx: Tx, digests: readonly Buffer[]): Promise<StoredCredential[]> {
  const { rows } = await tx.query<CredentialRow>(FIND_CREDENTIALS, [digests]);
  return rows.map((row) => ({
    id: row.id,
    organizationId: row.organization_id,
    agentId: row.agent_id,
    scopes: row.scopes,
    creatorId: row.creator_id,
    secretSha256: row.secret_sha256,
    creatorRoles: row.roles,
    creatorStatus: row.status,
  }));
}

/** Rows are locked in the order of their ids, so that replicas which report the same keys do not block each other. */
const TOUCH = {
  name: 'api-keys-touch',
  text: `WITH used AS (
           SELECT k.id, u.at FROM unnest($1::text[], $2::timestamptz[]) AS u (id, at) JOIN api_keys k USING (id)
           WHERE k.last_used_at IS NULL OR k.last_used_at < u.at ORDER BY k.id FOR UPDATE OF k
         )
         UPDATE api_keys k SET last_used_at = used.at FROM used WHERE k.id = used.id`,
};

export async function touchApiKeys(tx: Tx, uses: readonly { id: string; at: Date }[]): Promise<void> {
  await tx.query(TOUCH, [uses.map((use) => use.id), uses.map((use) => use.at)]);
}
