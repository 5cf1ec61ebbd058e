import { CompactRange } from './compact-range.ts';
import { FormatError } from './format-error.ts';
import type { LeafRange, ReadSubtrees } from './merkle.ts';
import { subtreesOf } from './merkle.ts';

/**
 * What is around a range of leaves: the hashes that make up everything to its left and everything to its right. Merging
 * left + leaves + right gives the root only if the leaves are those of the range, in order and without one left out.
 */
export interface RangeProof {
  readonly left: readonly Buffer[];
  readonly right: readonly Buffer[];
}

/** @throws RangeError unless 0 ≤ begin ≤ end ≤ size */
export async function proveRange(range: LeafRange, size: number, read: ReadSubtrees): Promise<RangeProof> {
  checkRange(range, size);
  const left = subtreesOf({ begin: 0, end: range.begin });
  const right = subtreesOf({ begin: range.end, end: size });
  const hashes = await read([...left, ...right]);
  return { left: hashes.slice(0, left.length), right: hashes.slice(left.length) };
}

/** Takes the leaves of a range one by one and tells the root of the tree that they are a part of. */
export class RangeCheck {
  readonly #tree: CompactRange;
  readonly #end: number;
  readonly #rest: CompactRange;

  /**
   * @throws RangeError unless 0 ≤ begin ≤ end ≤ size
   * @throws FormatError when the proof has another number of hashes
   */
  constructor(range: LeafRange, size: number, { left, right }: RangeProof) {
    checkRange(range, size);
    this.#tree = new CompactRange({ begin: 0, end: range.begin }, left);
    this.#end = range.end;
    this.#rest = new CompactRange({ begin: range.end, end: size }, right);
  }

  /** @throws FormatError behind the last leaf of the range */
  next(leafHash: Buffer): void {
    if (this.#tree.end === this.#end) throw new FormatError(`there are more leaves than up to ${this.#end}`);
    this.#tree.append(leafHash);
  }

  /**
   * Ends the check: compare this with a signed root.
   *
   * @throws FormatError when leaves of the range are missing
   */
  root(): Buffer {
    if (this.#tree.end !== this.#end) throw new FormatError(`the leaves end at ${this.#tree.end} and not ${this.#end}`);
    this.#tree.merge(this.#rest);
    return this.#tree.root();
  }
}

function checkRange({ begin, end }: LeafRange, size: number): void {
  if ([begin, end, size].every(Number.isSafeInteger) && begin >= 0 && begin <= end && end <= size) return;
  throw new RangeError(`the leaves ${begin} up to and without ${end} are not a range of a tree of ${size}`);
}
