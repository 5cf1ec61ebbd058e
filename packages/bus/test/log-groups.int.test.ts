import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { partitionOf } from '../src/partitioner.ts';
import { type Delivery, PARTITIONS_PER_TOPIC } from '../src/port.ts';
import { commitOffsets } from '../src/postgres-log/group-store.ts';
import { silent, unique } from './contract.ts';
import { startConsumer } from './consumer.ts';
import { createLogDatabase, type LogDatabase } from './log-database.ts';
import { breachesOfOrder, numbered, numbersOf, range } from './messages.ts';

let log: LogDatabase;
beforeAll(async () => (log = await createLogDatabase()));
afterAll(() => log.drop());

async function offsetsOf(group: string) {
  const { rows } = await log.database.pool.query<{ partition: number; committed: number; owner: string | null }>(
    `SELECT partition, committed::integer, owner FROM bus.group_offsets WHERE "group" = $1 AND committed > 0`,
    [group],
  );
  return rows;
}

async function ownersOf(group: string) {
  const { rows } = await log.database.pool.query<{ owner: string; partitions: number }>(
    `SELECT owner, count(*)::integer AS partitions FROM bus.group_offsets
      WHERE "group" = $1 AND owner IS NOT NULL GROUP BY owner`,
    [group],
  );
  return rows;
}

/** Resolves when every member of the group has renewed its lease so many times. */
async function heartbeats(group: string, count: number): Promise<void> {
  for (let beat = 0; beat < count; beat += 1) {
    const { rows } = await log.database.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    await eventually(async () => {
      const { rowCount } = await log.database.pool.query(
        `SELECT FROM bus.members WHERE "group" = $1 AND lease_until < $2::timestamptz + interval '1 second'`,
        [group, rows[0]?.now],
      );
      return rowCount === 0;
    });
  }
}

test('a member that was frozen past its lease cannot move offsets any more, and serves its group again afterwards', async () => {
  const topic = unique('zombie');
  const group = unique('group');
  const bus = log.openBus();
  await bus.ensureTopics([topic]);
  await bus.publish(numbered(topic, 10, 1));
  const zombie = await startConsumer({
    address: { adapter: 'postgres-log', url: log.url },
    group,
    topics: [topic],
    hang: true,
  });
  try {
    await eventually(() => zombie.handled.length === 10);
    const { rows } = await log.database.pool.query<{ owner: string }>(
      `SELECT DISTINCT owner FROM bus.group_offsets WHERE "group" = $1`,
      [group],
    );
    const member = rows[0]?.owner ?? '';
    process.kill(zombie.pid, 'SIGSTOP');

    const seen: Delivery[] = [];
    await bus.subscribe({ group, topics: [topic], handle: async (batch) => void seen.push(...batch) });
    await eventually(() => seen.length === 10);
    await bus.publish(numbered(topic, 10, 1, 10));
    await eventually(async () => expect(await offsetsOf(group)).toMatchObject([{ committed: 20 }]));
    const before = await offsetsOf(group);
    expect(before[0]?.owner).not.toBe(member);

    const partition = partitionOf('key-0', PARTITIONS_PER_TOPIC);
    const moved = await commitOffsets(log.database.pool, { group, member }, [{ topic, partition, past: 10 }]);
    expect(moved).toEqual([]);

    process.kill(zombie.pid, 'SIGCONT');
    zombie.goOn();
    await eventually(() => zombie.lines.some((line) => /lost a partition|fenced/.test(line)));
    expect(await offsetsOf(group)).toMatchObject([{ partition, committed: 20 }]);
    await bus.publish(numbered(topic, 200, 40, 20));
    zombie.goOn();
    await eventually(() => {
      zombie.goOn();
      return new Set([...numbersOf(seen), ...zombie.handled.map(({ message }) => Number(message.value))]).size === 220;
    });
    expect(breachesOfOrder(seen)).toEqual([]);
  } finally {
    await zombie.kill();
  }
});

test('hands partitions over after the batch in flight, so that a live rebalance delivers nothing twice', async () => {
  const topic = unique('rebalance');
  const group = unique('group');
  const seen: Delivery[] = [];
  const gate = Promise.withResolvers<void>();
  onTestFinished(() => gate.resolve());
  const first = log.openBus();
  await first.subscribe({
    group,
    topics: [topic],
    async handle(batch) {
      seen.push(...batch);
      await gate.promise;
    },
  });
  await first.publish(numbered(topic, 60, 40));
  await eventually(() => seen.length === 60);

  const second = log.openBus();
  await second.subscribe({ group, topics: [topic], handle: async (batch) => void seen.push(...batch) });
  await heartbeats(group, 3);
  expect((await ownersOf(group)).map(({ partitions }) => partitions)).toEqual([PARTITIONS_PER_TOPIC]);
  gate.resolve();
  await eventually(async () => {
    expect((await ownersOf(group)).map(({ partitions }) => partitions)).toEqual([6, 6]);
  });
  await second.publish(numbered(topic, 60, 40, 60));
  await eventually(() => seen.length >= 120);
  expect(numbersOf(seen)).toEqual(range(120));
  expect(breachesOfOrder(seen)).toEqual([]);
});

test('hears of other processes within a sweep when no hint arrives at all', async () => {
  const topic = unique('deaf');
  const seen: Delivery[] = [];
  const deaf = log.openBus({ url: 'postgres://nobody@127.0.0.1:1/nowhere' });
  await deaf.subscribe({ group: unique('group'), topics: [topic], handle: async (batch) => void seen.push(...batch) });
  await log.openBus().publish(numbered(topic, 100));
  await eventually(() => seen.length === 100);
  expect(numbersOf(seen)).toEqual(range(100));
});

test('listens again when its connection is cut', async () => {
  const topic = unique('cut');
  const seen: Delivery[] = [];
  const warnings: string[] = [];
  const bus = log.openBus({
    // Only hints can bring messages in the time of this test.
    sweepMs: 3_600_000,
    heartbeatMs: 3_600_000,
    leaseMs: 7_200_000,
    log: { ...silent, warn: (_fields, message) => void warnings.push(message) },
  });
  await bus.subscribe({ group: unique('group'), topics: [topic], handle: async (batch) => void seen.push(...batch) });
  const elsewhere = log.openBus();
  const heardAgain = (before: number) => async () => {
    await elsewhere.publish(numbered(topic, 1));
    return seen.length > before;
  };
  await eventually(heardAgain(0));
  const { rowCount } = await log.asSuperuser((client) =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'listen aegis_bus' AND datname = current_database()`,
    ),
  );
  expect(rowCount).toBeGreaterThan(0);
  await eventually(() => warnings.length > 0);
  await eventually(heardAgain(seen.length));
});

test('takes over at once what a crashed predecessor held, when it is alone by its own account', async () => {
  const topic = unique('alone');
  const group = unique('group');
  const seen: Delivery[] = [];
  const first = log.openBus();
  await first.ensureTopics([topic]);
  await log.database.pool.query(
    `INSERT INTO bus.members ("group", member, instance, topics, lease_until)
     VALUES ($1, 'crashed', 'gone', ARRAY[$2], now() + interval '1 hour')`,
    [group, topic],
  );
  await log.database.pool.query(
    `INSERT INTO bus.group_offsets ("group", topic, partition, owner)
     SELECT $1, topic, partition, 'crashed' FROM bus.partitions WHERE topic = $2`,
    [group, topic],
  );
  await first.publish(numbered(topic, 20));
  const blocked = await first.subscribe({ group, topics: [topic], handle: async () => undefined });
  expect(blocked.health().ready).toBe(false);
  await blocked.stop();
  const alone = log.openBus({ exclusive: true });
  await alone.subscribe({ group, topics: [topic], handle: async (batch) => void seen.push(...batch) });
  await eventually(() => seen.length === 20);
});

test('starts over from the committed offsets when the database was put back to an earlier state', async () => {
  const topic = unique('rewound');
  const seen: Delivery[] = [];
  const errors: string[] = [];
  const bus = log.openBus({ log: { ...silent, error: (_fields, message) => void errors.push(message) } });
  await bus.subscribe({ group: unique('group'), topics: [topic], handle: async (batch) => void seen.push(...batch) });
  await bus.publish(numbered(topic, 10, 1));
  await eventually(() => seen.length === 10);
  await log.asSuperuser(async (client) => {
    await client.query(`DELETE FROM bus.log WHERE topic = $1 AND "offset" >= 5`, [topic]);
    await client.query(`UPDATE bus.partitions SET head = 5 WHERE topic = $1 AND head > 5`, [topic]);
    await client.query(`UPDATE bus.group_offsets SET committed = 5 WHERE topic = $1 AND committed > 5`, [topic]);
  });
  await eventually(() => errors.includes('the log went back in time'));
  await log.openBus().publish(numbered(topic, 5, 1, 100));
  await eventually(() => numbersOf(seen).includes(104));
  expect(numbersOf(seen).filter((number) => number >= 100)).toEqual(range(5, 100));
});

test('refuses a message that PostgreSQL cannot store and a topic that does not exist, and only those', async () => {
  const topic = unique('refused');
  const bus = log.openBus();
  await bus.ensureTopics([topic]);
  const good = numbered(topic, 2);
  const outcomes = await Promise.allSettled([
    bus.publish(numbered(topic, 1)),
    bus.publish(good),
    bus.publish([{ topic: unique('missing'), key: 'a', headers: {}, value: '{}' }]),
    bus.publish(good),
    bus.publish([{ topic, key: 'a', headers: {}, value: 'a\0b' }]),
  ]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
  ]);
  await expect(bus.ensureTopics(['not a topic'])).rejects.toThrow(RangeError);
});
