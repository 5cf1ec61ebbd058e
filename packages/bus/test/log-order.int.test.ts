import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@aegis/testkit/eventually';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Delivery, PARTITIONS_PER_TOPIC } from '../src/port.ts';
import { unique } from './contract.ts';
import { createLogDatabase, type LogDatabase } from './log-database.ts';

const ROUNDS = 1_000;
const WRITERS = 6;

let log: LogDatabase;
beforeAll(async () => (log = await createLogDatabase()));
afterAll(() => log.drop());

/** Appends one message to each of the partitions, in the transaction that the client has open. */
async function append(client: pg.ClientBase, topic: string, partitions: readonly number[], value: string) {
  const each = <T>(item: T) => partitions.map(() => item);
  const slots = partitions.map((_, index) => index + 1);
  const { rows } = await client.query<{ firsts: string[] }>(
    'SELECT bus.append($1, $2, $3, $4, $5, $6, $7, $8)::text[] AS firsts',
    [each(topic), partitions, each(1), slots, each(0), each('key'), each('{}'), each(value)],
  );
  return rows[0]?.firsts.map(Number) ?? [];
}

test('an append that began later and committed first makes no reader skip the earlier one', async () => {
  const topic = unique('late');
  const seen: Delivery[] = [];
  // These appends send no hints.
  const bus = log.openBus({ sweepMs: 1 });
  await bus.subscribe({ group: 'reader', topics: [topic], handle: async (batch) => void seen.push(...batch) });
  const open = await log.database.connect();
  const other = await log.database.connect();
  for (let round = 0; round < ROUNDS; round += 1) {
    const late = round % PARTITIONS_PER_TOPIC;
    const early = (late + 1 + (round % (PARTITIONS_PER_TOPIC - 1))) % PARTITIONS_PER_TOPIC;
    const before = seen.length;
    await open.query('BEGIN');
    await append(open, topic, [late], `late ${round}`);
    await append(other, topic, [early], `early ${round}`);
    await eventually(() => seen.length > before, { intervalMs: 1 });
    expect(seen.slice(before).map((delivery) => delivery.value)).toEqual([`early ${round}`]);
    await open.query('COMMIT');
    await eventually(() => seen.length === before + 2, { intervalMs: 1 });
    expect(seen.at(-1)?.value).toBe(`late ${round}`);
  }
  await open.end();
  await other.end();
});

test('under writers that overlap, roll back and wait for each other, every partition is read whole and in order', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const random = mulberry32(seed);
  const topic = unique('overlap');
  const seen: Delivery[] = [];
  const bus = log.openBus({ sweepMs: 5 });
  await bus.subscribe({
    group: 'reader',
    topics: [topic],
    maxBatch: 7,
    handle: async (batch) => void seen.push(...batch),
  });

  const committed: string[] = [];
  let rolledBack = 0;
  let overtaken = 0;
  let started = 0;
  let lastCommitted = -1;
  let rounds = ROUNDS;
  async function write(): Promise<void> {
    const client = await log.database.connect();
    while (rounds-- > 0) {
      const number = started++;
      const partitions = new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => Math.floor(random() * 12)));
      await client.query('BEGIN');
      const firsts = await append(client, topic, [...partitions], `by ${number}`);
      await sleep(random() * 3);
      if (random() < 0.2) {
        await client.query('ROLLBACK');
        rolledBack += 1;
        continue;
      }
      await client.query('COMMIT');
      if (number < lastCommitted) overtaken += 1;
      lastCommitted = Math.max(lastCommitted, number);
      [...partitions].forEach((partition, index) => committed.push(`${partition}@${firsts[index]}`));
    }
    await client.end();
  }
  await Promise.all(Array.from({ length: WRITERS }, write));
  await eventually(() => seen.length >= committed.length);

  const places = seen.map(({ partition, offset }) => `${partition}@${offset}`);
  expect(places.toSorted(), `SEED=${seed}`).toEqual(committed.toSorted());
  for (let partition = 0; partition < PARTITIONS_PER_TOPIC; partition += 1) {
    const offsets = seen.filter((delivery) => delivery.partition === partition).map(({ offset }) => Number(offset));
    expect(offsets, `SEED=${seed}, partition ${partition}`).toEqual(offsets.map((_, index) => index));
  }
  expect(rolledBack).toBeGreaterThan(0);
  expect(overtaken, 'commits in another order than the appends').toBeGreaterThan(0);
});

/** A small generator of numbers in [0, 1) that a seed repeats (public domain, Tommy Ettinger). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
