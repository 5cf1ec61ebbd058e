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
  readonly retired: boolean;
}

type SigningKeyRow = {
  id: string;
  purpose: KeyPurpose;
  public_jwk: JWK;
  private_key: Buffer;
  retired: boolean;
};

export async function listSigningKeys(tx: Tx): Promise<StoredSigningKey[]> {
  const { rows } = await tx.query<SigningKeyRow>(
    `SELECT id, purpose, public_jwk, private_key, retired_at IS NOT NULL AS retired FROM signing_keys ORDER BY created_at`,
  );
  return rows.map(({ id, purpose, public_jwk, private_key, retired }) => ({
    id,
    purpose,
    publicJwk: public_jwk,
    privateKey: private_key,
    retired,
  }));
}

/** Does nothing when the purpose has a current key: another replica was first. */
export async function insertSigningKey(tx: Tx, key: Omit<StoredSigningKey, 'retired'>): Promise<void> {
  await tx.query(
    `INSERT INTO signing_keys (id, purpose, public_jwk, private_key) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [key.id, key.purpose, key.publicJwk, key.privateKey],
  );
}
