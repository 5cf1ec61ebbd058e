import { generateKeyPairSync, type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { calculateJwkThumbprint, errors, type JWK, type JWTPayload, SignJWT } from 'jose';
import {
  insertSigningKey,
  type KeyPurpose,
  listSigningKeys,
  type NewSigningKey,
  resealSigningKey,
  retireSigningKeys,
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
  /** Makes what is missing, replaces what is due, and learns what other replicas did. To be called every REFRESH_MS. */
  refresh(): Promise<void>;
}

export interface SigningKeysDeps {
  readonly db: Pick<Database, 'tx' | 'read'>;
  readonly box: SecretBox;
  /** The age at which a key is replaced; null: never. */
  readonly rotateAfterDays?: number | null;
}

interface LoadedKey extends Pick<StoredSigningKey, 'id' | 'purpose' | 'retiring' | 'publicJwk'> {
  readonly publicKey: KeyObject;
  /** Null once it signs no more. */
  readonly privateKey: KeyObject | null;
}

const PURPOSES: readonly KeyPurpose[] = ['login', 'authorization'];

/** How often an unknown key id may send us to the database. */
const RELOAD_COOLDOWN_MS = 10_000;

export const REFRESH_MS = 30_000;

/** How long a replaced key goes on signing: by then every replica knows the new one, and so does who fetched the key set. */
const OVERLAP_SECONDS = 3_600;

/** Loads the installation's Ed25519 keys, and makes those that do not exist yet. */
export async function loadSigningKeys({ db, box, rotateAfterDays = null }: SigningKeysDeps): Promise<SigningKeys> {
  let keys: LoadedKey[] = [];
  let loadedAt = 0;

  async function load(): Promise<void> {
    const stored = await db.read(ALL_ORGANIZATIONS, listSigningKeys);
    keys = stored.map((key) => open(key, box));
    loadedAt = performance.now();
    // What an earlier secret key sealed, so that it can go.
    const outdated = stored.filter((key) => !key.retired && !box.isCurrent(key.privateKey, context(key.id)));
    for (const { id, privateKey } of outdated) {
      const sealed = box.seal(box.open(privateKey, context(id)), context(id));
      await db.tx(ALL_ORGANIZATIONS, (tx) => resealSigningKey(tx, id, privateKey, sealed));
    }
  }

  async function refresh(): Promise<void> {
    if (rotateAfterDays !== null) {
      const due = { olderThanDays: rotateAfterDays, overlapSeconds: OVERLAP_SECONDS };
      await db.tx(ALL_ORGANIZATIONS, (tx) => retireSigningKeys(tx, due));
    }
    await load();
    const missing = PURPOSES.filter((purpose) => !keys.some((key) => key.purpose === purpose && isCurrent(key)));
    if (missing.length === 0) return;
    const made = await Promise.all(missing.map((purpose) => generate(purpose, box)));
    await db.tx(ALL_ORGANIZATIONS, async (tx) => {
      for (const key of made) await insertSigningKey(tx, key);
    });
    await load();
  }

  await refresh();
  const find = (purpose: KeyPurpose, id: string | undefined) =>
    keys.find((key) => key.purpose === purpose && key.id === id);

  return {
    async sign(purpose, typ, payload) {
      const key = signingKey(keys, purpose);
      if (!key?.privateKey) throw new Error(`there is no key to sign for ${purpose}`);
      return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid: key.id, typ }).sign(key.privateKey);
    },
    async verificationKey(purpose, keyId) {
      if (!find(purpose, keyId) && performance.now() - loadedAt > RELOAD_COOLDOWN_MS) await load();
      const key = find(purpose, keyId);
      if (!key) throw new errors.JWKSNoMatchingKey();
      return key.publicKey;
    },
    jwks: () => ({ keys: keys.map((key) => key.publicJwk) }),
    refresh,
  };
}

function isCurrent({ privateKey, retiring }: LoadedKey): boolean {
  return privateKey !== null && !retiring;
}

/** One that is being replaced signs until everybody knows its successor. */
function signingKey(keys: readonly LoadedKey[], purpose: KeyPurpose): LoadedKey | undefined {
  const able = keys.filter((key) => key.purpose === purpose && key.privateKey !== null);
  return able.findLast(({ retiring }) => retiring) ?? able.at(-1);
}

/** The id is the key's thumbprint (RFC 7638). */
async function generate(purpose: KeyPurpose, box: SecretBox): Promise<NewSigningKey> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  const id = await calculateJwkThumbprint(jwk);
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' });
  const publicJwk = { ...jwk, kid: id, alg: 'EdDSA', use: 'sig' };
  return { id, purpose, publicJwk, privateKey: box.seal(secret, context(id)) };
}

function open({ id, purpose, publicJwk, privateKey, retired, retiring }: StoredSigningKey, box: SecretBox): LoadedKey {
  const publicKey = createPublicKey({ key: publicJwk, format: 'jwk' });
  const known = { id, purpose, publicKey, publicJwk, retiring };
  if (retired) return { ...known, privateKey: null };
  const der = box.open(privateKey, context(id));
  return { ...known, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}

function context(id: string): string {
  return `signing-key:${id}`;
}
