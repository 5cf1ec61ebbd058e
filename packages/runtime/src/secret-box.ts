import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Encrypts what the database keeps but must not know: AES-256-GCM under a key derived (HKDF-SHA-256, RFC 5869) from
 * AEGIS_SECRET_KEY. A box is version (1 byte), nonce (12), ciphertext, tag (16).
 */
export interface SecretBox {
  /** `context` says what the secret is for; a box opens under the same context only, so that boxes cannot be swapped. */
  seal(secret: Uint8Array, context: string): Buffer;
  /** Throws SecretBoxError when the key or the context is another one, or the box was changed. */
  open(box: Uint8Array, context: string): Buffer;
  /** Whether the key that seals now opens it; false while it waits to be sealed again under that one. */
  isCurrent(box: Uint8Array, context: string): boolean;
}

export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Throws RangeError unless every key has 32 bytes. The first seals; all open, so that a key can be exchanged. */
export function createSecretBox(masterKeys: Uint8Array | readonly Uint8Array[]): SecretBox {
  const keys = (masterKeys instanceof Uint8Array ? [masterKeys] : masterKeys).map(deriveKey);
  const [current] = keys;
  if (!current) throw new RangeError('there is no secret key');
  return {
    seal: (secret, context) => seal(current, secret, context),
    open(box, context) {
      if (box.length < 1 + NONCE_BYTES + TAG_BYTES || box[0] !== VERSION) throw new SecretBoxError('not a secret box');
      for (const key of keys) {
        const secret = tryToOpen(key, box, context);
        if (secret) return secret;
      }
      throw new SecretBoxError('the secret cannot be opened: another AEGIS_SECRET_KEY, or changed bytes');
    },
    isCurrent: (box, context) => tryToOpen(current, box, context) !== null,
  };
}

function deriveKey(masterKey: Uint8Array): Buffer {
  if (masterKey.length !== KEY_BYTES) throw new RangeError(`the secret key must have ${KEY_BYTES} bytes`);
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'aegis.secret-box.v1', KEY_BYTES));
}

function seal(key: Buffer, secret: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, ciphertext, cipher.getAuthTag()]);
}

/** Null when the tag does not fit: another key, another context, or changed bytes. */
function tryToOpen(key: Buffer, box: Uint8Array, context: string): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(box.subarray(-TAG_BYTES));
  const start = decipher.update(box.subarray(1 + NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([start, decipher.final()]);
  } catch {
    return null;
  }
}
