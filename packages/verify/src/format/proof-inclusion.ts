import { type LeafRange, nodeHash, type ReadSubtrees, readRoots, splitOf } from './merkle.ts';

/**
 * The audit path of RFC 6962, section 2.1.1: hashes from the leaf's sibling up to a child of the root.
 *
 * @throws RangeError unless the leaf lies within the tree
 */
export function proveInclusion(index: number, size: number, read: ReadSubtrees): Promise<Buffer[]> {
  if (!isWithin(index, size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  return readRoots(inclusionRanges(index, size), read);
}

function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const split = begin + splitOf(end - begin);
    if (index < split) {
      ranges.push({ begin: split, end });
      end = split;
    } else {
      ranges.push({ begin, end: split });
      begin = split;
    }
  }
  return ranges.toReversed();
}

/** What an inclusion proof is about. */
export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
}

/** Whether the proof shows that the leaf stands at this place of the tree (RFC 9162, section 2.1.3.2). */
export function verifyInclusion({ index, size, leafHash, root }: Inclusion, proof: readonly Uint8Array[]): boolean {
  if (!isWithin(index, size)) return false;
  let hash: Buffer = Buffer.from(leafHash);
  let at = index;
  let last = size - 1;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      // Levels at which the right edge has no sibling are not in the proof.
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && hash.equals(root);
}

function isWithin(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}
