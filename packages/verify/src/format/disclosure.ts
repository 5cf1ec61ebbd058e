import { hash } from 'node:crypto';

/** Bytes of salt a disclosure takes. */
export const SALT_BYTES = 16;

/**
 * A value that stands in a leaf only as a digest, in the manner of RFC 9901: `encoded` is
 * base64url(JSON [salt, path, value]), `digest` base64url(SHA-256(ASCII(encoded))). Whoever holds `encoded` can show the
 * value and prove that it is the one recorded; once it is erased, the salt keeps the digest from being guessed.
 */
export interface Disclosure {
  /** JSON Pointer (RFC 6901) into the leaf, such as `/data/reason`. */
  readonly path: string;
  readonly encoded: string;
  readonly digest: string;
}

/** What a disclosure tells. */
export interface DisclosedValue {
  readonly path: string;
  readonly value: unknown;
}

/** @param salt 128 fresh random bits */
export function createDisclosure(salt: Uint8Array, path: string, value: unknown): Disclosure {
  const json = JSON.stringify([Buffer.from(salt).toString('base64url'), path, value]);
  const encoded = Buffer.from(json).toString('base64url');
  return { path, encoded, digest: disclosureDigest(encoded) };
}

export function disclosureDigest(encoded: string): string {
  return hash('sha256', encoded, 'base64url');
}

/** Null when the text is not a disclosure. */
export function readDisclosure(encoded: string): DisclosedValue | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== 3) return null;
    const [salt, path, value] = parts as [unknown, unknown, unknown];
    return typeof salt === 'string' && typeof path === 'string' ? { path, value } : null;
  } catch {
    return null;
  }
}
