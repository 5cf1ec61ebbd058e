import { hash } from 'node:crypto';

/** Hex of SHA-256(0x00 ‖ leaf bytes): the leaf hash of RFC 6962, and the checksum the API shows. */
export function leafHash(leaf: string): string {
  return hash('sha256', `\0${leaf}`);
}
