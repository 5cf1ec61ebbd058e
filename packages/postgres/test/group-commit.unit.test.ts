import { setImmediate as turn } from 'node:timers/promises';
import { PermanentError } from '@aegis/bus/port';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OverloadedError } from '../src/errors.ts';
import { createGroupCommit } from '../src/group-commit.ts';

/** Answers every item with its double, when told to. */
function gated() {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const flush = async (items: readonly number[]) => {
    batches.push([...items]);
    await new Promise<void>((resolve) => gates.push(resolve));
    return items.map((item) => item * 2);
  };
  return { batches, flush, release: () => gates.shift()?.() };
}

test('a lone item is written in the same turn of the event loop', async () => {
  const { batches, flush, release } = gated();
  const group = createGroupCommit({ flush });
  const answer = group.submit(1);
  await turn();
  expect(batches).toEqual([[1]]);
  release();
  expect(await answer).toBe(2);
});

test('what arrives during a flush rides in the next one, up to the largest batch', async () => {
  const { batches, flush, release } = gated();
  const group = createGroupCommit({ flush, maxBatch: 3 });
  const answers = [group.submit(1)];
  await turn();
  answers.push(...[2, 3, 4, 5, 6].map((item) => group.submit(item)));
  for (let step = 0; step < 3; step += 1) {
    release();
    await turn();
  }
  expect(batches).toEqual([[1], [2, 3, 4], [5, 6]]);
  expect(await Promise.all(answers)).toEqual([2, 4, 6, 8, 10, 12]);
});

test('one item too many is refused at once, and there is room again afterwards', async () => {
  const { flush, release } = gated();
  const group = createGroupCommit({ flush, maxQueued: 2 });
  const first = group.submit(1);
  await turn();
  const waiting = [group.submit(2), group.submit(3)];
  await expect(group.submit(4)).rejects.toBeInstanceOf(OverloadedError);
  release();
  await first;
  await turn();
  const later = group.submit(5);
  release();
  await turn();
  release();
  expect(await Promise.all([...waiting, later])).toEqual([4, 6, 10]);
});

test('drain waits for what is queued and in flight, and for nothing when idle', async () => {
  const { flush, release } = gated();
  const group = createGroupCommit({ flush });
  await group.drain();
  let drained = false;
  const answers = [group.submit(1)];
  const draining = group.drain().then(() => (drained = true));
  await turn();
  answers.push(group.submit(2));
  release();
  await turn();
  expect(drained).toBe(false);
  release();
  await draining;
  expect(await Promise.all(answers)).toEqual([2, 4]);
});

test('a flush that answers too few items fails them all rather than answer the wrong one', async () => {
  const group = createGroupCommit<number, number>({ flush: async () => [1] });
  const answers = await Promise.allSettled([group.submit(1), group.submit(2)]);
  expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
});

class Outage extends Error {}

test('whatever fails, each item gets its own answer, once, and only what was written is answered as written', async () => {
  const items = fc.array(fc.record({ bad: fc.boolean(), turns: fc.nat(3) }), { maxLength: 40 });
  const options = fc.record({
    maxBatch: fc.integer({ min: 1, max: 10 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
    outages: fc.uniqueArray(fc.nat(12)),
  });
  await fc.assert(
    fc.asyncProperty(items, options, async (plan, { maxBatch, concurrency, outages }) => {
      const written: number[] = [];
      let calls = 0;
      let running = 0;
      const group = createGroupCommit<number, string>({
        maxBatch,
        concurrency,
        async flush(batch) {
          expect(batch.length).toBeLessThanOrEqual(maxBatch);
          expect((running += 1)).toBeLessThanOrEqual(concurrency);
          const down = outages.includes((calls += 1));
          await turn();
          running -= 1;
          if (down) throw new Outage();
          const bad = batch.find((item) => plan[item]?.bad);
          if (bad !== undefined) throw new PermanentError(`${bad}`);
          written.push(...batch);
          return batch.map((item) => `wrote ${item}`);
        },
      });
      const answers: Promise<string>[] = [];
      for (const [item, { turns }] of plan.entries()) {
        for (let passed = 0; passed < turns; passed += 1) await turn();
        answers.push(group.submit(item).catch((error: Error) => (error instanceof Outage ? 'outage' : error.message)));
      }
      await group.drain();
      for (const [item, answer] of (await Promise.all(answers)).entries()) {
        const expected = plan[item]?.bad ? [`${item}`, 'outage'] : [`wrote ${item}`, 'outage'];
        expect(expected).toContain(answer);
        expect(written.filter((other) => other === item)).toHaveLength(answer === `wrote ${item}` ? 1 : 0);
      }
      if (concurrency === 1) expect(written).toEqual(written.toSorted((a, b) => a - b));
    }),
  );
});
