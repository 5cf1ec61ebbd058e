import type { Frame } from './frame.ts';
import type { Scale } from './scale.ts';
import type { Operand } from './operand.ts';
import { type Narrow, RankLists } from './rank-lists.ts';
import type { Span } from './selectivity.ts';

/** A part of the index: from one value of an intent to the policies that can match by it. */
export interface Source {
  /** No policy of a smaller rank is in here. */
  readonly first: number;
  /** The smallest rank below `best` among the policies in here that accept, else `best`. */
  search(frame: Frame, best: number): number;
}

/** Policies by the value that a field must equal. */
export class ValueSource implements Source {
  readonly #slot: number;
  readonly #listOf = new Map<unknown, number>();
  readonly #lists: RankLists;
  readonly first: number;

  constructor(slot: number, ranks: ReadonlyMap<Operand, readonly number[]>, narrow: Narrow) {
    this.#slot = slot;
    for (const value of ranks.keys()) this.#listOf.set(value, this.#listOf.size);
    this.#lists = new RankLists([...ranks.values()], narrow);
    this.first = this.#lists.first;
  }

  search(frame: Frame, best: number): number {
    const list = this.#listOf.get(frame.value(this.#slot));
    return list === undefined ? best : this.#lists.search(list, frame, best);
  }
}

/** A span that a field must lie in, and the rank of the policy that says so. */
export interface RankedSpan extends Span {
  readonly rank: number;
}

/**
 * Policies by the span that a field must lie in: a segment tree over the places of the scale. A span is filed under
 * O(log n) nodes that make it up; the nodes above a place hold every policy whose span covers it, each node in the order
 * of evaluation.
 */
export class SpanSource implements Source {
  readonly #slot: number;
  readonly #scale: Scale;
  readonly #nodes: RankLists;
  /** By node, the nearest node from it upwards that holds a policy; 0 for none. */
  readonly #filled: Int32Array;
  readonly first: number;

  constructor(slot: number, scale: Scale, spans: readonly RankedSpan[], narrow: Narrow) {
    this.#slot = slot;
    this.#scale = scale;
    const nodes: number[][] = Array.from({ length: 2 * scale.size }, () => []);
    for (const { from, to, rank } of spans) {
      let [left, right] = [from + scale.size, to + scale.size + 1];
      for (; left < right; left >>= 1, right >>= 1) {
        if (left & 1) nodes[left++]?.push(rank);
        if (right & 1) nodes[--right]?.push(rank);
      }
    }
    this.#nodes = new RankLists(nodes, narrow);
    this.#filled = new Int32Array(nodes.length);
    for (const [node, list] of nodes.entries()) {
      this.#filled[node] = list.length > 0 ? node : (this.#filled[node >> 1] ?? 0);
    }
    this.first = this.#nodes.first;
  }

  search(frame: Frame, best: number): number {
    const value = frame.value(this.#slot);
    const place = this.#scale.placeOf(value);
    if (place === null) return best;
    let found = best;
    let node = this.#filled[place + this.#scale.size] ?? 0;
    for (; node > 0; node = this.#filled[node >> 1] ?? 0) found = this.#nodes.search(node, frame, found);
    return found;
  }
}
