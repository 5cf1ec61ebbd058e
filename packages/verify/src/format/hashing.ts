import { hash } from 'node:crypto';
import { MAX_LEAF_BYTES } from './leaf.ts';

/** A leaf behind the byte 0x00 that it is hashed with, one after another: a text put together anew for each would be garbage. */
const prefixed = Buffer.alloc(1 + MAX_LEAF_BYTES);
/** Bytes of UTF-8 that a UTF-16 code unit takes at most. */
const MAX_UNIT_BYTES = 3;

/** Hex of SHA-256(0x00 ‖ leaf bytes): the leaf hash of RFC 6962, and the checksum the API shows. */
export function leafHash(leaf: string): string {
  if (leaf.length * MAX_UNIT_BYTES > MAX_LEAF_BYTES) return hash('sha256', `\0${leaf}`);
  const bytes = prefixed.write(leaf, 1);
  return hash('sha256', prefixed.subarray(0, 1 + bytes));
}
