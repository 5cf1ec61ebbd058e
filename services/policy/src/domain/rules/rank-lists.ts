import type { Frame } from './frame.ts';
import type { Source } from './source.ts';

/** A faster way to look through one list, or null where there is none. */
export type Narrow = (ranks: readonly number[]) => Source | null;

/** Ranks of policies, in ascending order, in numbered lists; packed, as there are many and most are short. */
export class RankLists {
  readonly #starts: Int32Array;
  readonly #ranks: Int32Array;
  /** By list; most need none. */
  readonly #narrowed = new Map<number, Source>();
  /** The smallest rank there is. */
  readonly first: number;

  constructor(lists: readonly (readonly number[])[], narrow: Narrow) {
    this.#starts = new Int32Array(lists.length + 1);
    this.#ranks = new Int32Array(lists.reduce((sum, list) => sum + list.length, 0));
    let first = Number.POSITIVE_INFINITY;
    let end = 0;
    for (const [index, list] of lists.entries()) {
      this.#ranks.set(list, end);
      end += list.length;
      this.#starts[index + 1] = end;
      first = Math.min(first, list[0] ?? first);
      const narrowed = narrow(list);
      if (narrowed) this.#narrowed.set(index, narrowed);
    }
    this.first = first;
  }

  /** The first rank of a list below `best` whose policy accepts, else `best`. */
  search(list: number, frame: Frame, best: number): number {
    const narrowed = this.#narrowed.size === 0 ? undefined : this.#narrowed.get(list);
    if (narrowed) return narrowed.first < best ? narrowed.search(frame, best) : best;
    const ranks = this.#ranks;
    const end = this.#starts[list + 1] ?? 0;
    for (let at = this.#starts[list] ?? end; at < end; at += 1) {
      const rank = ranks[at] ?? best;
      if (rank >= best) return best;
      if (frame.accepts(rank)) return rank;
    }
    return best;
  }
}

/** Appends a rank that is not below any in the list, once. */
export function appendRank(list: number[], rank: number): void {
  if (list.at(-1) !== rank) list.push(rank);
}
