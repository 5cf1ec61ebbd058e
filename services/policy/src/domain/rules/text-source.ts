import type { Frame } from './frame.ts';
import { type Narrow, RankLists, appendRank } from './rank-lists.ts';
import { put } from './selectivity.ts';
import type { Source } from './source.ts';

/** A text that a field must begin with, end with or contain, and the rank of the policy that says so. */
export interface RankedText {
  readonly text: string;
  readonly rank: number;
}

/** A longer affix is found by so many of its characters. */
const MAX_AFFIX = 64;

/**
 * Policies by a text that a field must begin or end with, filed under a hash of it: one walk along the value finds them
 * all. A collision visits a policy in vain, nothing is missed.
 */
export class AffixSource implements Source {
  readonly #slot: number;
  readonly #atEnd: boolean;
  readonly #lists: HashedLists;
  /** Whether some text is as long as the index. */
  readonly #lengths = new Uint8Array(MAX_AFFIX + 1);
  readonly #ranks: RankLists;
  readonly first: number;

  constructor(slot: number, position: 'start' | 'end', texts: readonly RankedText[], narrow: Narrow) {
    this.#slot = slot;
    this.#atEnd = position === 'end';
    const lists = new Map<number, number[]>();
    for (const { text, rank } of texts) {
      const length = Math.min(text.length, MAX_AFFIX);
      let hash = 0;
      for (let index = 0; index < length; index += 1) hash = this.#step(hash, text, index);
      appendRank(
        put(lists, hash, () => []),
        rank,
      );
      this.#lengths[length] = 1;
    }
    this.#lists = new HashedLists(lists.keys());
    this.#ranks = new RankLists([...lists.values()], narrow);
    this.first = this.#ranks.first;
  }

  search(frame: Frame, best: number): number {
    const value = frame.value(this.#slot);
    if (typeof value !== 'string') return best;
    const end = Math.min(value.length, MAX_AFFIX);
    let found = best;
    let hash = 0;
    for (let index = 0; index < end; index += 1) {
      hash = this.#step(hash, value, index);
      if (this.#lengths[index + 1] === 0) continue;
      const list = this.#lists.find(hash);
      if (list !== undefined) found = this.#ranks.search(list, frame, found);
    }
    return found;
  }

  #step(hash: number, text: string, index: number): number {
    return (Math.imul(hash, 31) + text.charCodeAt(this.#atEnd ? text.length - 1 - index : index)) | 0;
  }
}

/** A longer text is found by four of its characters. */
export const MAX_GRAM = 4;
const CODE_BITS = 8;
const CODE_MASK = 0xff;

/**
 * Policies by a text that a field must contain, filed under the low bits of a few of its characters, the rarest among all
 * these texts: one walk along the value finds them all.
 */
export class GramSource implements Source {
  readonly #slot: number;
  readonly #length: number;
  readonly #mask: number;
  readonly #lists: HashedLists;
  readonly #ranks: RankLists;
  readonly first: number;

  /** @param texts all of `length` characters or more, which is at most MAX_GRAM */
  constructor(slot: number, length: number, texts: readonly RankedText[], narrow: Narrow) {
    this.#slot = slot;
    this.#length = length;
    this.#mask = length === MAX_GRAM ? -1 : (1 << (length * CODE_BITS)) - 1;
    const counts = new Map<number, number>();
    for (const { text } of texts) for (const gram of this.#grams(text)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    const lists = new Map<number, number[]>();
    for (const { text, rank } of texts) {
      appendRank(
        put(lists, this.#rarest(text, counts), () => []),
        rank,
      );
    }
    this.#lists = new HashedLists(lists.keys());
    this.#ranks = new RankLists([...lists.values()], narrow);
    this.first = this.#ranks.first;
  }

  search(frame: Frame, best: number): number {
    const text = frame.value(this.#slot);
    if (typeof text !== 'string') return best;
    let found = best;
    let gram = 0;
    for (let end = 0; end < text.length; end += 1) {
      gram = this.#step(gram, text, end);
      if (end < this.#length - 1) continue;
      const list = this.#lists.find(gram);
      if (list !== undefined) found = this.#ranks.search(list, frame, found);
    }
    return found;
  }

  /** What few of all texts hold, few values will. */
  #rarest(text: string, counts: ReadonlyMap<number, number>): number {
    let rarest = 0;
    let fewest = Number.POSITIVE_INFINITY;
    for (const gram of this.#grams(text)) {
      const count = counts.get(gram) ?? 0;
      if (count < fewest) [rarest, fewest] = [gram, count];
    }
    return rarest;
  }

  *#grams(text: string): Generator<number> {
    let gram = 0;
    for (let end = 0; end < text.length; end += 1) {
      gram = this.#step(gram, text, end);
      if (end >= this.#length - 1) yield gram;
    }
  }

  #step(gram: number, text: string, end: number): number {
    return this.#mask & ((gram << CODE_BITS) | (text.charCodeAt(end) & CODE_MASK));
  }
}

/** Bits of the filter for each hash: of those that are in no list, one in so many passes. */
const FILTER_DENSITY = 16;

/** Numbers the lists of ranks by their hash. */
class HashedLists {
  readonly #numbers: ReadonlyMap<number, number>;
  /** Most hashes that are looked for are in no list, and one bit tells. */
  readonly #filter: Int32Array;
  readonly #shift: number;

  constructor(hashes: Iterable<number>) {
    this.#numbers = new Map([...hashes].map((hash, number) => [hash, number]));
    const bits = Math.max(5, Math.ceil(Math.log2(this.#numbers.size * FILTER_DENSITY)));
    this.#shift = 32 - bits;
    this.#filter = new Int32Array(2 ** (bits - 5));
    for (const hash of this.#numbers.keys()) {
      const bit = this.#bitOf(hash);
      this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }

  find(hash: number): number | undefined {
    const bit = this.#bitOf(hash);
    return ((this.#filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0 ? undefined : this.#numbers.get(hash);
  }

  #bitOf(hash: number): number {
    return Math.imul(hash, 0x9e3779b1) >>> this.#shift;
  }
}
