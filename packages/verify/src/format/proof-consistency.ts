import { EMPTY_ROOT, type LeafRange, nodeHash, type ReadSubtrees, readRoots, splitOf } from './merkle.ts';

/**
 * The consistency proof of RFC 6962, section 2.1.2: that the tree of `from` leaves is how the tree of `to` leaves begins.
 * Empty where `from` is 0 or equals `to`.
 *
 * @throws RangeError unless 0 ≤ from ≤ to
 */
export function proveConsistency(from: number, to: number, read: ReadSubtrees): Promise<Buffer[]> {
  if (!isOrdered(from, to)) throw new RangeError(`a tree of ${to} does not begin with one of ${from}`);
  return readRoots(consistencyRanges(from, to), read);
}

function consistencyRanges(from: number, to: number): LeafRange[] {
  if (from === 0) return [];
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = to;
  while (from < end) {
    const split = begin + splitOf(end - begin);
    if (from <= split) {
      ranges.push({ begin: split, end });
      end = split;
    } else {
      ranges.push({ begin, end: split });
      begin = split;
    }
  }
  // The verifier knows the old root, so the old tree itself need not be told where it is one subtree.
  if (begin !== 0) ranges.push({ begin, end });
  return ranges.toReversed();
}

/** What a consistency proof is about. */
export interface Consistency {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
}

/** Whether the proof shows that the second tree begins with the first (RFC 9162, section 2.1.4.2). */
export function verifyConsistency({ from, to, fromRoot, toRoot }: Consistency, proof: readonly Uint8Array[]): boolean {
  if (!isOrdered(from, to)) return false;
  if (from === 0) return proof.length === 0 && EMPTY_ROOT.equals(fromRoot);
  if (from === to) return proof.length === 0 && Buffer.from(fromRoot).equals(toRoot);
  const path = isPowerOfTwo(from) ? [fromRoot, ...proof] : [...proof];
  const [first, ...rest] = path;
  if (!first || proof.length === 0) return false;
  let at = from - 1;
  let last = to - 1;
  while (at % 2 === 1) {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  let oldHash: Buffer = Buffer.from(first);
  let newHash: Buffer = Buffer.from(first);
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldHash = nodeHash(hash, oldHash);
      newHash = nodeHash(hash, newHash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newHash = nodeHash(newHash, hash);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && oldHash.equals(fromRoot) && newHash.equals(toRoot);
}

function isOrdered(from: number, to: number): boolean {
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}
