import { randomFillSync } from 'node:crypto';
import { SALT_BYTES } from '@aegis/verify/format/disclosure';
import type { NextSalt } from './domain/entry.ts';

const SALTS_A_BLOCK = 1024;

/** Salts from the system's generator, drawn a block at a time: a call for each would take longer than the hashing. */
export function createSaltPool(): NextSalt {
  const block = Buffer.alloc(SALT_BYTES * SALTS_A_BLOCK);
  let used = block.length;
  return () => {
    if (used === block.length) {
      randomFillSync(block);
      used = 0;
    }
    used += SALT_BYTES;
    return block.subarray(used - SALT_BYTES, used);
  };
}
