import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import { z } from 'zod';

/** Prefixes of the identifiers the API shows; the rest is a UUIDv7 in hex, so that ids sort by time of creation. */
export type IdPrefix = 'int' | 'apr' | 'pol' | 'key' | 'evt' | 'dec' | 'exp' | 'exs' | 'era' | 'fxr' | 'wtx';
export type PrefixedId<P extends IdPrefix> = `${P}_${string}`;

const RANDOM_BYTES = 16;
/** Drawn from the system in large pieces: asking it for each id would cost more than all the rest of making one. */
const pool = Buffer.alloc(256 * RANDOM_BYTES);
let used = pool.length;

function random(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.subarray(used - RANDOM_BYTES, used);
}

/** A new identifier such as `int_0193f2c3a1b27c4d8e5f60718293a4b5`. */
export function newId<P extends IdPrefix>(prefix: P): PrefixedId<P> {
  return `${prefix}_${v7({ random: random() }).replaceAll('-', '')}`;
}

/** Schema of one kind of prefixed identifier. */
export function idSchema<P extends IdPrefix>(prefix: P) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`), `must be an id such as ${prefix}_ and 32 hexadecimal digits`);
}

/** Agents, users and organisations are plain UUIDs, lower case as PostgreSQL prints them. */
export const uuidSchema = z.guid('must be a UUID').transform((value) => value.toLowerCase());
