import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 6962: leaves are hashed as 0x00 ‖ leaf, nodes as 0x01 ‖ left ‖ right, and a tree splits at the
 * largest power of two below its size.
 */

export const HASH_BYTES = 32;

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT = hash('sha256', '', 'buffer');

/** A perfect subtree: the leaves from `index · 2^level` up to but not including `(index + 1) · 2^level`. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Leaves `begin` up to but not including `end`. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** Gives the hashes of perfect subtrees that lie within the tree, in the order asked for. */
export type ReadSubtrees = (subtrees: readonly Subtree[]) => Promise<readonly Buffer[]>;

const node = Buffer.alloc(1 + 2 * HASH_BYTES);
node[0] = 1;

/**
 * The bytes of a hash that `hash` gave as `binary`, one a character. Asked for as a buffer it allocates memory of its own
 * for 32 bytes, which takes twice as long as to hash a node.
 */
export function bytesOf(binary: string): Buffer {
  return Buffer.from(binary, 'binary');
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return bytesOf(hash('sha256', node, 'binary'));
}

/** The fewest perfect subtrees that together are the range, from left to right. */
export function subtreesOf({ begin, end }: LeafRange): Subtree[] {
  const subtrees: Subtree[] = [];
  let at = begin;
  while (at < end) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      level += 1;
      width *= 2;
    }
    subtrees.push({ level, index: at / width });
    at += width;
  }
  return subtrees;
}

/**
 * The root over subtrees that become smaller from left to right, as those of a tree do, and those of any range that RFC
 * 6962 splits a tree into.
 */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  let root = hashes.at(-1);
  if (!root) return EMPTY_ROOT;
  for (let index = hashes.length - 2; index >= 0; index -= 1) root = nodeHash(hashes[index] ?? EMPTY_ROOT, root);
  return root;
}

/** The roots of ranges, with one read for all of them. */
export async function readRoots(ranges: readonly LeafRange[], read: ReadSubtrees): Promise<Buffer[]> {
  const parts = ranges.map(subtreesOf);
  const hashes = await read(parts.flat());
  let used = 0;
  return parts.map(({ length }) => rootOf(hashes.slice(used, (used += length))));
}

/** Where a tree of two leaves or more splits: the largest power of two below its size. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
