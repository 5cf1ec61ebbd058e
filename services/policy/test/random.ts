import { randomInt } from 'node:crypto';

/** Chooses by a seed, so that a run can be had again. */
export interface Random {
  /** From 0 to below `end`. */
  below(end: number): number;
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

/** `AEGIS_TEST_SEED` repeats the choices of a run; test names show the seed. */
export const SEED = Number(process.env.AEGIS_TEST_SEED ?? randomInt(2 ** 31));

/** Mulberry32: 32 bits of state, which is plenty for choosing test data. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(fraction() * end);
  return {
    below,
    pick<T>(items: readonly T[]) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    shuffled<T>(items: readonly T[]) {
      return items
        .map((item) => ({ item, order: fraction() }))
        .toSorted((a, b) => a.order - b.order)
        .map(({ item }) => item);
    },
  };
}
