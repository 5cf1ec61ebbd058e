import type { Tx } from '@aegis/postgres/transaction';
import type { JWK } from 'jose';

/** Keys of different purposes are never used for each other: a log-in token is no payment authorisation. */
export type KeyPurpose = 'login' | 'authorization';

export interface StoredSigningKey {
  readonly id: string;
  readonly purpose: KeyPurpose;
  readonly publicJwk: JWK;
  /** Encrypted. */
  readonly privateKey: Buffer;
  /** Signs no more; verifies what it signed before. */
  readonly retired: boolean;
  /** Its successor is known, and does not sign before everybody knows it. */
  readonly retiring: boolean;
  readonly createdAt: Date;
}

export type NewSigningKey = Pick<StoredSigningKey, 'id' | 'purpose' | 'publicJwk' | 'privateKey'>;

type SigningKeyRow = {
  id: string;
  purpose: KeyPurpose;
  public_jwk: JWK;
  private_key: Buffer;
  retired: boolean;
  retiring: boolean;
  created_at: Date;
};

/** Retired or not by the database's clock, the same for all replicas. */
export async function listSigningKeys(tx: Tx): Promise<StoredSigningKey[]> {
  const { rows } = await tx.query<SigningKeyRow>(
    `SELECT id, purpose, public_jwk, private_key, created_at, retired_at IS NOT NULL AND retired_at <= clock_timestamp() AS retired,
       retired_at IS NOT NULL AND retired_at > clock_timestamp() AS retiring
     FROM signing_keys ORDER BY created_at`,
  );
  return rows.map(({ public_jwk, private_key, created_at, ...row }) => ({
    ...row,
    publicJwk: public_jwk,
    privateKey: private_key,
    createdAt: created_at,
  }));
}

/** Does nothing when the purpose has a current key: another replica was first. */
export async function insertSigningKey(tx: Tx, key: NewSigningKey): Promise<void> {
  await tx.query(
    `INSERT INTO signing_keys (id, purpose, public_jwk, private_key) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [key.id, key.purpose, key.publicJwk, key.privateKey],
  );
}

/** Lets current keys that are older than the given days sign for so many seconds more, and no longer be current. */
export async function retireSigningKeys(
  tx: Tx,
  { olderThanDays, overlapSeconds }: { readonly olderThanDays: number; readonly overlapSeconds: number },
): Promise<void> {
  await tx.query(
    `UPDATE signing_keys SET retired_at = clock_timestamp() + make_interval(secs => $2)
     WHERE retired_at IS NULL AND created_at <= clock_timestamp() - make_interval(days => $1)`,
    [olderThanDays, overlapSeconds],
  );
}

/** Replaces the sealed text of a key, as long as nobody has done so. */
export async function resealSigningKey(tx: Tx, id: string, before: Buffer, after: Buffer): Promise<void> {
  await tx.query('UPDATE signing_keys SET private_key = $3 WHERE id = $1 AND private_key = $2', [id, before, after]);
}
