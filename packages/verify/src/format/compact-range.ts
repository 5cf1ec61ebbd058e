import { FormatError } from './format-error.ts';
import { type LeafRange, nodeHash, rootOf, type Subtree, subtreesOf } from './merkle.ts';

/** Told of every perfect subtree that an append completes, the leaf itself included, smaller ones first. */
export type OnSubtree = (subtree: Subtree, hash: Buffer) => void;

/**
 * What is enough to know of a range of leaves to append to it and to tell its root: the hashes of the fewest perfect
 * subtrees that make it up, at most one of each size in a whole tree. Appending a leaf costs one node hash on average.
 */
export class CompactRange {
  readonly begin: number;
  #end: number;
  readonly #levels: number[] = [];
  readonly #hashes: Buffer[] = [];

  /**
   * @param hashes those of `subtreesOf(range)`
   * @throws FormatError when their number is another
   */
  constructor(range: LeafRange = { begin: 0, end: 0 }, hashes: readonly Buffer[] = []) {
    const subtrees = subtreesOf(range);
    if (subtrees.length !== hashes.length) {
      const { begin, end } = range;
      throw new FormatError(
        `${hashes.length} hashes where ${subtrees.length} make up the leaves ${begin} up to and without ${end}`,
      );
    }
    this.begin = range.begin;
    this.#end = range.end;
    this.#levels.push(...subtrees.map(({ level }) => level));
    this.#hashes.push(...hashes);
  }

  get end(): number {
    return this.#end;
  }

  get hashes(): readonly Buffer[] {
    return this.#hashes;
  }

  append(leafHash: Buffer, onSubtree?: OnSubtree): void {
    this.appendSubtree(0, leafHash, onSubtree);
  }

  /** Appends a perfect subtree whose place is the end of the range: `end` is a multiple of its width. */
  appendSubtree(level: number, hash: Buffer, onSubtree?: OnSubtree): void {
    const width = 2 ** level;
    if (this.#end % width !== 0) throw new RangeError(`no subtree of ${width} leaves begins at ${this.#end}`);
    let [at, index, root] = [level, this.#end / width, hash];
    this.#end += width;
    onSubtree?.({ level: at, index }, root);
    // A right half that finds its left half becomes their parent.
    while (index % 2 === 1 && this.#levels.at(-1) === at) {
      this.#levels.pop();
      root = nodeHash(this.#hashes.pop() ?? root, root);
      at += 1;
      index = (index - 1) / 2;
      onSubtree?.({ level: at, index }, root);
    }
    this.#levels.push(at);
    this.#hashes.push(root);
  }

  /** Appends the range that begins where this one ends. */
  merge(next: CompactRange): void {
    if (next.begin !== this.#end) throw new RangeError(`a range from ${next.begin} does not follow on ${this.#end}`);
    for (const [index, { level }] of subtreesOf(next).entries()) {
      const hash = next.hashes[index];
      if (hash) this.appendSubtree(level, hash);
    }
  }

  /** The root of the tree; only a range that begins at 0 is one. */
  root(): Buffer {
    if (this.begin !== 0) throw new RangeError(`a range from ${this.begin} is no tree`);
    return rootOf(this.#hashes);
  }
}
