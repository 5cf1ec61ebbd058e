import { generateKeyPairSync, type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { calculateJwkThumbprint, errors, type JWK, type JWTPayload, SignJWT } from 'jose';
import {
  insertSigningKey,
  type KeyPurpose,
  listSigningKeys,
  type StoredSigningKey,
} from '../store/identity/signing-keys.ts';
import type { SecretBox } from '@aegis/runtime/secret-box';

export interface SigningKeys {
  /** A compact JWS with `kid` and `typ` in its header. */
  sign(purpose: KeyPurpose, typ: string, payload: JWTPayload): Promise<string>;
  /** The key that verifies signatures of a purpose; throws jose's JWKSNoMatchingKey when there is none of that id. */
  verificationKey(purpose: KeyPurpose, keyId: string | undefined): Promise<KeyObject>;
  /** What `/.well-known/jwks.json` shows: public keys, retired ones too. */
  jwks(): { keys: JWK[] };
}

interface LoadedKey {
  readonly id: string;
  readonly purpose: KeyPurpose;
  readonly publicKey: KeyObject;
  readonly publicJwk: JWK;
  readonly privateKey: KeyObject | null;
}

const PURPOSES: readonly KeyPurpose[] = ['login', 'authorization'];

/** How often an unknown key id may send us to the database. */
const RELOAD_COOLDOWN_MS = 10_000;

/** Loads the installation's Ed25519 keys, and makes those that do not exist yet. */
export async function loadSigningKeys(deps: {
  readonly db: Pick<Database, 'tx' | 'read'>;
  readonly box: SecretBox;
}): Promise<SigningKeys> {
  const { db, box } = deps;
  const load = () => db.read(ALL_ORGANIZATIONS, listSigningKeys);
  let keys = (await load()).map((key) => open(key, box));
  let loadedAt = performance.now();

  const missing = PURPOSES.filter((purpose) => !currentKey(keys, purpose));
  if (missing.length > 0) {
    const made = await Promise.all(missing.map((purpose) => generate(purpose, box)));
    await db.tx(ALL_ORGANIZATIONS, async (tx) => {
      for (const key of made) await insertSigningKey(tx, key);
    });
    keys = (await load()).map((key) => open(key, box));
  }

  const find = (purpose: KeyPurpose, id: string | undefined) =>
    keys.find((key) => key.purpose === purpose && key.id === id);

  return {
    async sign(purpose, typ, payload) {
      const key = currentKey(keys, purpose);
      if (!key?.privateKey) throw new Error(`there is no key to sign for ${purpose}`);
      return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid: key.id, typ }).sign(key.privateKey);
    },
    async verificationKey(purpose, keyId) {
      if (!find(purpose, keyId) && performance.now() - loadedAt > RELOAD_COOLDOWN_MS) {
        loadedAt = performance.now();
        keys = (await load()).map((key) => open(key, box));
      }
      const key = find(purpose, keyId);
      if (!key) throw new errors.JWKSNoMatchingKey();
      return key.publicKey;
    },
    jwks: () => ({ keys: keys.map((key) => key.publicJwk) }),
  };
}

function currentKey(keys: readonly LoadedKey[], purpose: KeyPurpose): LoadedKey | undefined {
  return keys.findLast((key) => key.purpose === purpose && key.privateKey !== null);
}

/** The id is the key's thumbprint (RFC 7638). */
async function generate(purpose: KeyPurpose, box: SecretBox): Promise<Omit<StoredSigningKey, 'retired'>> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  const id = await calculateJwkThumbprint(jwk);
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' });
  const publicJwk = { ...jwk, kid: id, alg: 'EdDSA', use: 'sig' };
  return { id, purpose, publicJwk, privateKey: box.seal(secret, context(id)) };
}

function open({ id, purpose, publicJwk, privateKey, retired }: StoredSigningKey, box: SecretBox): LoadedKey {
  const publicKey = createPublicKey({ key: publicJwk, format: 'jwk' });
  if (retired) return { id, purpose, publicKey, publicJwk, privateKey: null };
  const der = box.open(privateKey, context(id));
  return {
    id,
    purpose,
    publicKey,
    publicJwk,
    privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
  };
}

function context(id: string): string {
  return `signing-key:${id}`;
}
