import { createHash } from 'node:crypto';
import type { ReadSubtrees } from '../src/format/merkle.ts';

/** RFC 6962, section 2.1, word for word: slow, and nothing shared with what it checks. */

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

export const leafHashOf = (leaf: number): Buffer => sha256(Buffer.of(0), Buffer.from(String(leaf)));

/** Leaf hashes of the numbers from `begin` up to but not including `end`. */
export const leaves = (begin: number, end: number): Buffer[] =>
  Array.from({ length: end - begin }, (_, offset) => leafHashOf(begin + offset));

export function treeHash(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (!only) return sha256();
  if (hashes.length === 1) return only;
  const k = splitPoint(hashes.length);
  return sha256(Buffer.of(1), treeHash(hashes.slice(0, k)), treeHash(hashes.slice(k)));
}

export function path(m: number, hashes: readonly Buffer[]): Buffer[] {
  if (hashes.length <= 1) return [];
  const k = splitPoint(hashes.length);
  return m < k
    ? [...path(m, hashes.slice(0, k)), treeHash(hashes.slice(k))]
    : [...path(m - k, hashes.slice(k)), treeHash(hashes.slice(0, k))];
}

export function consistency(m: number, hashes: readonly Buffer[]): Buffer[] {
  return m === 0 ? [] : subproof(m, hashes, true);
}

function subproof(m: number, hashes: readonly Buffer[], whole: boolean): Buffer[] {
  if (m === hashes.length) return whole ? [] : [treeHash(hashes)];
  const k = splitPoint(hashes.length);
  return m <= k
    ? [...subproof(m, hashes.slice(0, k), whole), treeHash(hashes.slice(k))]
    : [...subproof(m - k, hashes.slice(k), false), treeHash(hashes.slice(0, k))];
}

function splitPoint(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

/** Reads subtrees of a tree in memory, each hashed once. */
export function readerOf(hashes: readonly Buffer[]): ReadSubtrees {
  const known = new Map<string, Buffer>();
  return async (subtrees) =>
    subtrees.map(({ level, index }) => {
      const key = `${level}/${index}`;
      const hash = known.get(key) ?? treeHash(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
      known.set(key, hash);
      return hash;
    });
}
