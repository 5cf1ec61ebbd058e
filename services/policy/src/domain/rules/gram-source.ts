import type { Frame } from './frame.ts';
import { RankLists, appendRank } from './rank-lists.ts';
import type { Source } from './source.ts';

/** Where in a text the searched text must stand. */
export type Position = 'start' | 'end' | 'anywhere';

/** A longer text is found by four of its characters. */
export const MAX_GRAM = 4;
const FILTER_SIZE = 4_096;

/**
 * Policies by a text that a field must contain, begin or end with: filed under a hash of a few of its characters, the
 * rarest where there is a choice. That may visit a policy in vain, never miss one.
 */
export class GramSource implements Source {
  readonly #slot: number;
  readonly #position: Position;
  readonly #length: number;
  readonly #listOf = new Map<number, number>();
  /** Most grams of a text are in no list, and one byte tells. */
  readonly #filter = new Uint8Array(FILTER_SIZE);
  readonly #lists: RankLists;
  readonly first: number;

  /** @param texts all of `length` characters or more */
  constructor(
    slot: number,
    position: Position,
    length: number,
    texts: readonly { readonly text: string; readonly rank: number }[],
  ) {
    this.#slot = slot;
    this.#position = position;
    this.#length = length;
    const lists: number[][] = [];
    for (const { text, rank } of texts) {
      const gram = this.#rarest(text, lists);
      let list = this.#listOf.get(gram);
      if (list === undefined) {
        list = lists.push([]) - 1;
        this.#listOf.set(gram, list);
        this.#filter[gram & (FILTER_SIZE - 1)] = 1;
      }
      appendRank(lists[list] ?? [], rank);
    }
    this.#lists = new RankLists(lists);
    this.first = this.#lists.first;
  }

  search(frame: Frame, best: number): number {
    const text = frame.value(this.#slot);
    if (typeof text !== 'string') return best;
    const last = text.length - this.#length;
    const end = this.#position === 'start' ? Math.min(0, last) : last;
    let found = best;
    for (let at = this.#position === 'end' ? Math.max(0, last) : 0; at <= end; at += 1) {
      const gram = gramAt(text, at, this.#length);
      if (this.#filter[gram & (FILTER_SIZE - 1)] === 0) continue;
      const list = this.#listOf.get(gram);
      if (list !== undefined) found = this.#lists.search(list, frame, found);
    }
    return found;
  }

  #rarest(text: string, lists: readonly (readonly number[])[]): number {
    const last = text.length - this.#length;
    if (this.#position !== 'anywhere') return gramAt(text, this.#position === 'start' ? 0 : last, this.#length);
    let rarest = 0;
    let fewest = Number.POSITIVE_INFINITY;
    for (let at = 0; at <= last && fewest > 0; at += 1) {
      const gram = gramAt(text, at, this.#length);
      const count = lists[this.#listOf.get(gram) ?? -1]?.length ?? 0;
      if (count < fewest) [rarest, fewest] = [gram, count];
    }
    return rarest;
  }
}

function gramAt(text: string, at: number, length: number): number {
  let hash = 0;
  for (let index = at; index < at + length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}
