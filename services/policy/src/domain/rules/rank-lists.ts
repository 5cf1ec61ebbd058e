import type { Frame } from './frame.ts';

/** Ranks of policies, in ascending order, in numbered lists; packed, as there are many and most are short. */
export class RankLists {
  readonly #starts: Int32Array;
  readonly #ranks: Int32Array;

  constructor(lists: readonly (readonly number[])[]) {
    this.#starts = new Int32Array(lists.length + 1);
    this.#ranks = new Int32Array(lists.reduce((sum, list) => sum + list.length, 0));
    let end = 0;
    for (const [index, list] of lists.entries()) {
      this.#ranks.set(list, end);
      end += list.length;
      this.#starts[index + 1] = end;
    }
  }

  /** The smallest rank there is. */
  get first(): number {
    return this.#ranks.reduce((first, rank) => Math.min(first, rank), Number.POSITIVE_INFINITY);
  }

  /** The first rank of a list below `best` whose policy accepts, else `best`. */
  search(list: number, frame: Frame, best: number): number {
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
