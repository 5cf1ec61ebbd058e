import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAhead } from '../src/usecases/read-ahead.ts';

describe('reading ahead', () => {
  it('gives every result in the order of the items, whichever is read first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5)), fc.nat(4), fc.boolean(), async (turns, ahead, isAsync) => {
        const items = turns.map((turn, place) => ({ turn, place }));
        const read = async ({ turn, place }: (typeof items)[number]) => {
          for (let waited = 0; waited < turn; waited += 1) await setImmediate();
          return place;
        };
        const results: number[] = [];
        for await (const result of readAhead(isAsync ? later(items) : items, ahead, read)) results.push(result);
        expect(results).toEqual(items.map(({ place }) => place));
      }),
    );
  });

  it('has no more than the given number begun beyond the one being worked on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.nat(4), async (count, ahead) => {
        let begun = 0;
        const read = async (item: number) => {
          begun += 1;
          await setImmediate();
          return item;
        };
        let done = 0;
        for await (const _ of readAhead(Array.from({ length: count }).keys(), ahead, read)) {
          done += 1;
          expect(begun - done).toBeLessThanOrEqual(ahead);
        }
        expect(done).toBe(count);
      }),
    );
  });

  it('fails where the item stands whose reading failed, and leaves no failure behind that nobody sees', async () => {
    const seen: number[] = [];
    const read = async (item: number) => {
      if (item >= 2) throw new Error(`item ${item}`);
      await setImmediate();
      return item;
    };
    const all = async () => {
      for await (const item of readAhead([0, 1, 2, 3, 4], 3, read)) seen.push(item);
    };
    await expect(all()).rejects.toThrow('item 2');
    expect(seen).toEqual([0, 1]);
  });

  it('lets go of the items when its own reader leaves', async () => {
    let left = false;
    async function* items() {
      try {
        for (let item = 0; ; item += 1) yield item;
      } finally {
        left = true;
      }
    }
    for await (const item of readAhead(items(), 2, async (one) => one)) if (item === 3) break;
    expect(left).toBe(true);
  });
});

async function* later<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) {
    await setImmediate();
    yield item;
  }
}
