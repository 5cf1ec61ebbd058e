import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBatchRunner, type Slice } from '../src/batch-runner.ts';
import { type BusMessage, type Delivery, PermanentError } from '../src/port.ts';
import { breachesOfOrder, numbersOf } from './messages.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

class FakeSlice implements Slice {
  readonly deliveries: readonly Delivery[];
  held = true;
  handled = 0;
  constructor(deliveries: readonly Delivery[]) {
    this.deliveries = deliveries;
  }
  isHeld(): boolean {
    return this.held;
  }
}

function slice(partition: number, numbers: readonly number[]): FakeSlice {
  return new FakeSlice(
    numbers.map((number, index) => ({
      topic: 'topic',
      partition,
      offset: BigInt(index),
      key: `key-${partition}`,
      headers: { ce_id: String(number) },
      value: String(number),
    })),
  );
}

function runner(
  handle: (batch: readonly Delivery[]) => void,
  publish: (letters: readonly BusMessage[]) => void = quiet,
) {
  const stopping = new AbortController();
  const outcomes: unknown[] = [];
  const run = createBatchRunner({
    group: 'group',
    handle: async (batch) => handle(batch),
    publish: async (letters) => publish(letters),
    onAttempt: (outcome) => outcomes.push(outcome),
    stopping: stopping.signal,
    log,
  });
  return { run, stopping, outcomes };
}

test('whatever messages are poison: each is one dead letter, all others are handled once, in order', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.infiniteStream(fc.integer({ min: 0, max: 9 })), async (lengths, dice) => {
      let next = 0;
      const slices = lengths.map((length, partition) =>
        slice(
          partition,
          Array.from({ length }, () => next++),
        ),
      );
      const poison = new Set(Array.from({ length: next }, (_, number) => number).filter(() => dice.next().value === 0));
      const handled: Delivery[] = [];
      const dead: BusMessage[] = [];
      const { run } = runner(
        (batch) => {
          if (batch.some((delivery) => poison.has(Number(delivery.value)))) throw new PermanentError('poison');
          handled.push(...batch);
        },
        (letters) => void dead.push(...letters),
      );
      await run(slices);
      expect(numbersOf(dead)).toEqual([...poison]);
      expect(numbersOf([...handled, ...dead])).toEqual(Array.from({ length: next }, (_, number) => number));
      expect(breachesOfOrder(handled)).toEqual([]);
      expect(slices.every((part) => part.handled === part.deliveries.length)).toBe(true);
    }),
  );
});

test('does not get past a message whose dead letter cannot be published', async () => {
  const parts = [slice(0, [1, 2]), slice(1, [3, 4])];
  let refusals = 0;
  const { run, stopping, outcomes } = runner(
    (batch) => {
      if (batch.some((delivery) => delivery.value === '2')) throw new PermanentError('poison');
    },
    () => {
      refusals += 1;
      if (refusals === 3) stopping.abort();
      throw new Error('the broker is away');
    },
  );
  await run(parts);
  expect(refusals).toBe(3);
  expect(parts.map((part) => part.handled)).toEqual([1, 0]);
  expect(outcomes.at(-1)).toEqual({ error: new Error('the broker is away') });
});

test('leaves what it no longer holds to the next owner, and never gets past it', async () => {
  const mine = slice(0, [1, 2, 3]);
  const lost = slice(1, [4, 5, 6]);
  const batches: number[][] = [];
  const { run } = runner((batch) => {
    batches.push(numbersOf(batch));
    if (batches.length > 1) return;
    lost.held = false;
    throw new Error('passes');
  });
  await run([mine, lost]);
  expect(batches).toEqual([
    [1, 2, 3, 4, 5, 6],
    [1, 2, 3],
  ]);
  expect([mine.handled, lost.handled]).toEqual([3, 0]);
});

test('counts what was handled before a stop, and begins nothing after it', async () => {
  const part = slice(0, [1, 2, 3, 4]);
  const batches: number[][] = [];
  const { run, stopping } = runner((batch) => {
    batches.push(numbersOf(batch));
    if (batch.length === 4) throw new PermanentError('one of them');
    stopping.abort();
  });
  await run([part]);
  expect(batches).toEqual([
    [1, 2, 3, 4],
    [1, 2],
  ]);
  expect(part.handled).toBe(2);
});

test('does not send a dead letter to the dead letters again', async () => {
  const letter: Delivery = {
    topic: 'aegis.dead-letters',
    partition: 0,
    offset: 0n,
    key: 'a',
    headers: {},
    value: '{}',
  };
  const part = new FakeSlice([letter]);
  const published: BusMessage[] = [];
  const { run } = runner(
    () => {
      throw new PermanentError('unreadable');
    },
    (letters) => void published.push(...letters),
  );
  await run([part]);
  expect(published).toEqual([]);
  expect(part.handled).toBe(1);
});
