import { randomBytes } from 'node:crypto';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Log } from '../src/log.ts';
import { partitionOf } from '../src/partitioner.ts';
import {
  type Bus,
  type BusMessage,
  DEAD_LETTER_TOPIC,
  type Delivery,
  PARTITIONS_PER_TOPIC,
  PermanentError,
} from '../src/port.ts';
import type { SeekOptions } from '../src/seek-options.ts';
import { type Address, connect, type Connection } from './connect.ts';
import { type ConsumerProcess, startConsumer } from './consumer.ts';
import { breachesOfOrder, numbered, numbersOf, range } from './messages.ts';

export interface Engine {
  readonly address: Address;
  seek(options: SeekOptions): Promise<void>;
  /** Stops the engine and starts it again. Missing when it is not ours to stop. */
  readonly restart?: (() => Promise<void>) | undefined;
  stop(): Promise<void>;
}

const quiet = () => undefined;
export const silent: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export function unique(name: string): string {
  return `${name}-${randomBytes(4).toString('hex')}`;
}

/** What every adapter of the bus guarantees, shown against the real engine. */
export function describeBus(name: string, start: () => Promise<Engine>, ownsEngine: boolean): void {
  describe(name, () => {
    let engine: Engine;
    let bus: Bus;
    const connections: Connection[] = [];
    const consumers: ConsumerProcess[] = [];
    const gates: PromiseWithResolvers<void>[] = [];

    /** Holds up a handler until it is resolved, at the latest when the test has ended. */
    function closedGate(): PromiseWithResolvers<void> {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate;
    }

    function open(log = silent): Bus {
      const connection = connect(engine.address, log);
      connections.push(connection);
      return connection.bus;
    }

    async function consumer(config: Omit<Parameters<typeof startConsumer>[0], 'address'>): Promise<ConsumerProcess> {
      const started = await startConsumer({ ...config, address: engine.address });
      consumers.push(started);
      return started;
    }

    async function freshTopic(): Promise<string> {
      const topic = unique('contract');
      await bus.ensureTopics([topic]);
      return topic;
    }

    /** Subscribes with a handler that only remembers. */
    async function remember(group: string, topics: readonly string[], maxBatch?: number) {
      const seen: Delivery[] = [];
      const handle = async (batch: readonly Delivery[]) => void seen.push(...batch);
      const subscription = await bus.subscribe({
        group,
        topics,
        handle,
        ...(maxBatch === undefined ? {} : { maxBatch }),
      });
      return { seen, subscription };
    }

    beforeAll(async () => {
      engine = await start();
    });
    afterEach(async () => {
      for (const gate of gates.splice(0)) gate.resolve();
      await Promise.all(consumers.splice(0).map((child) => child.kill()));
      await Promise.all(connections.splice(0).map((connection) => connection.close()));
    });
    afterAll(() => engine.stop());

    const contract = (title: string, body: () => Promise<void>) =>
      test(title, async () => {
        expect.hasAssertions();
        bus = open();
        await body();
      });

    contract('delivers messages as they were published, a key always in the same partition', async () => {
      const topic = await freshTopic();
      const published: BusMessage[] = [
        {
          topic,
          key: 'agt_ü',
          headers: { ce_id: '1', traceparent: '00-ab-cd-01' },
          value: '{"reason":"“naïve” \\u0000 ✓"}',
        },
        { topic, key: '', headers: {}, value: '' },
      ];
      await bus.publish(published);
      const { seen } = await remember(unique('group'), [topic]);
      await eventually(() => seen.length === 2);
      const plain = seen.map(({ partition: _partition, offset: _offset, ...message }) => message);
      expect(plain).toEqual(expect.arrayContaining(published));
      for (const { key, partition, offset } of seen) {
        expect(partition).toBe(partitionOf(key, PARTITIONS_PER_TOPIC));
        expect(offset).toBe(0n);
      }
    });

    contract('keeps the order of every key, also across calls that are not awaited', async () => {
      const topic = await freshTopic();
      const { seen } = await remember(unique('group'), [topic], 70);
      await Promise.all(range(40).map((call) => bus.publish(numbered(topic, 50, 30, call * 50))));
      await eventually(() => seen.length >= 2_000);
      expect(numbersOf(seen)).toEqual(range(2_000));
      expect(breachesOfOrder(seen)).toEqual([]);
    });

    contract('starts a new group at the beginning, and a known one where it had stopped', async () => {
      const topic = await freshTopic();
      const group = unique('group');
      await bus.publish(numbered(topic, 100));
      const first = await remember(group, [topic]);
      await eventually(() => first.seen.length === 100);
      await first.subscription.stop();
      await bus.publish(numbered(topic, 50, 20, 100));
      const second = await remember(group, [topic]);
      const other = await remember(unique('group'), [topic]);
      await eventually(() => second.seen.length >= 50 && other.seen.length >= 150);
      expect(numbersOf(second.seen)).toEqual(range(50, 100));
      expect(numbersOf(other.seen)).toEqual(range(150));
    });

    contract('replays a partition from an offset', async () => {
      const topic = await freshTopic();
      const group = unique('group');
      await bus.publish(numbered(topic, 10, 1));
      const partition = partitionOf('key-0', PARTITIONS_PER_TOPIC);
      const first = await remember(group, [topic]);
      await eventually(() => first.seen.length === 10);
      await first.subscription.stop();
      await engine.seek({ group, topic, partition, offset: 4n });
      const second = await remember(group, [topic]);
      await eventually(() => second.seen.length >= 6);
      expect(numbersOf(second.seen)).toEqual(range(6, 4));
    });

    contract('combines all partitions and topics into one batch, of at most maxBatch', async () => {
      const topics = [await freshTopic(), await freshTopic()];
      const sizes: number[] = [];
      const gate = closedGate();
      await bus.subscribe({
        group: unique('group'),
        topics,
        maxBatch: 300,
        async handle(batch) {
          sizes.push(batch.length);
          if (sizes.length === 1) await gate.promise;
        },
      });
      await bus.publish(numbered(topics[0] ?? '', 1));
      await eventually(() => sizes.length === 1);
      await bus.publish(topics.flatMap((topic) => numbered(topic, 200, 100)));
      gate.resolve();
      await eventually(() => sizes.length >= 3);
      expect(sizes).toEqual([1, 300, 100]);
    });

    contract('waits for company as long as lingerMs says', async () => {
      const topic = await freshTopic();
      const sizes: number[] = [];
      await bus.subscribe({
        group: unique('group'),
        topics: [topic],
        lingerMs: 400,
        handle: async (batch) => void sizes.push(batch.length),
      });
      for (const number of range(5)) await bus.publish(numbered(topic, 1, 1, number));
      await eventually(() => sizes.reduce((sum, size) => sum + size, 0) === 5);
      expect(sizes.length).toBeLessThanOrEqual(2);
    });

    contract('tries again for ever what may pass, says so, and hands the rest over in order afterwards', async () => {
      const topic = await freshTopic();
      const attempts: number[] = [];
      const seen: Delivery[] = [];
      const subscription = await bus.subscribe({
        group: unique('group'),
        topics: [topic],
        async handle(batch) {
          attempts.push(batch.length);
          if (attempts.length <= 4) throw new Error('the database is away');
          seen.push(...batch);
        },
      });
      expect(subscription.health()).toMatchObject({ ready: true, lastError: null });
      await bus.publish(numbered(topic, 30, 3));
      await eventually(() =>
        expect(subscription.health()).toMatchObject({ ready: false, lastError: 'Error: the database is away' }),
      );
      expect(subscription.health().lag).toBeGreaterThan(0);
      await eventually(() => seen.length >= 30);
      expect(attempts.length).toBeGreaterThan(4);
      expect(numbersOf(seen)).toEqual(range(30));
      expect(breachesOfOrder(seen)).toEqual([]);
      await eventually(() => expect(subscription.health()).toMatchObject({ ready: true, lastError: null, lag: 0 }));
    });

    contract('moves what can never be handled to the dead letters, and the rest goes on in order', async () => {
      const topic = await freshTopic();
      const group = unique('group');
      const seen: Delivery[] = [];
      const poison = new Set(['7', '8', '23']);
      await bus.publish(numbered(topic, 60, 4));
      await bus.subscribe({
        group,
        topics: [topic],
        async handle(batch) {
          if (batch.some((delivery) => poison.has(delivery.value))) throw new PermanentError('no such schema');
          seen.push(...batch);
        },
      });
      await eventually(() => seen.length >= 57);
      expect(numbersOf(seen)).toEqual(range(60).filter((number) => !poison.has(String(number))));
      expect(breachesOfOrder(seen)).toEqual([]);

      const dead = await remember(unique('group'), [DEAD_LETTER_TOPIC]);
      const own = () => dead.seen.filter((letter) => letter.headers.dl_group === group);
      await eventually(() => own().length >= 3);
      expect(numbersOf(own())).toEqual([7, 8, 23]);
      const letter = own().find((candidate) => candidate.value === '7');
      expect(letter?.key).toBe('key-3');
      expect(letter?.headers).toMatchObject({
        ce_id: 'evt_7',
        dl_error: 'PermanentError: no such schema',
        dl_topic: topic,
        dl_partition: String(partitionOf('key-3', PARTITIONS_PER_TOPIC)),
        dl_offset: expect.stringMatching(/^\d+$/),
        dl_at: expect.stringMatching(/^\d{4}-.*Z$/),
      });
    });

    contract('finishes the batch in flight at stop(), commits it, and begins no other', async () => {
      const topic = await freshTopic();
      const group = unique('group');
      const batches: number[][] = [];
      const gate = closedGate();
      const subscription = await bus.subscribe({
        group,
        topics: [topic],
        maxBatch: 10,
        async handle(batch) {
          batches.push(numbersOf(batch));
          await gate.promise;
        },
      });
      await bus.publish(numbered(topic, 40, 1));
      await eventually(() => batches.length === 1);
      let stopped = false;
      const stopping = subscription.stop().then(() => (stopped = true));
      await bus.publish(numbered(topic, 1, 1, 40));
      expect(stopped).toBe(false);
      gate.resolve();
      await stopping;
      expect(batches).toHaveLength(1);
      const rest = await remember(group, [topic]);
      await eventually(() => rest.seen.length >= 31);
      expect(numbersOf(rest.seen)).toEqual(range(31, 10));
    });

    contract('stops while a batch fails again and again, and leaves that batch to the next member', async () => {
      const topic = await freshTopic();
      const group = unique('group');
      let attempts = 0;
      const subscription = await bus.subscribe({
        group,
        topics: [topic],
        async handle() {
          attempts += 1;
          throw new Error('never works here');
        },
      });
      await bus.publish(numbered(topic, 5));
      await eventually(() => attempts >= 2);
      await subscription.stop();
      const { seen } = await remember(group, [topic]);
      await eventually(() => seen.length >= 5);
      expect(numbersOf(seen)).toEqual(range(5));
    });

    contract('shares a group among processes that come and go: nothing is lost, every key stays in order', async () => {
      const topic = await freshTopic();
      const group = unique('group');
      let published = 0;
      const publishSome = async () => {
        await bus.publish(numbered(topic, 20, 40, published));
        published += 20;
      };
      const first = await consumer({ group, topics: [topic] });
      await publishSome();
      await eventually(() => first.handled.length > 0);
      const second = await consumer({ group, topics: [topic] });
      await eventually(async () => (await publishSome(), second.handled.length > 0), { timeoutMs: 20_000 });
      const before = first.handled.length;
      await eventually(async () => (await publishSome(), first.handled.length > before), { timeoutMs: 20_000 });
      await first.stop();
      const alone = second.handled.length;
      await eventually(async () => (await publishSome(), second.handled.length > alone), { timeoutMs: 20_000 });

      const all = () =>
        [...first.handled, ...second.handled].toSorted((a, b) => Number(a.at - b.at)).map(({ message }) => message);
      await eventually(() => new Set(numbersOf(all())).size === published, { timeoutMs: 20_000 });
      expect([...new Set(numbersOf(all()))]).toEqual(range(published));
      expect(breachesOfOrder(all())).toEqual([]);
    });

    contract('delivers again what a process had handled but not committed when it was killed', async () => {
      const topic = await freshTopic();
      const group = unique('group');
      await bus.publish(numbered(topic, 50));
      const victim = await consumer({ group, topics: [topic], hang: true });
      await eventually(() => victim.handled.length > 0);
      const lost = victim.handled.map(({ message }) => message);
      expect(await victim.kill()).toBe('SIGKILL');
      const heir = await consumer({ group, topics: [topic] });
      await eventually(() => new Set(numbersOf(heir.handled.map(({ message }) => message))).size === 50, {
        timeoutMs: 30_000,
      });
      const inherited = numbersOf(heir.handled.map(({ message }) => message));
      expect(inherited).toEqual(expect.arrayContaining(numbersOf(lost)));
    });

    if (!ownsEngine) return;

    contract('goes on by itself after a restart of the engine, with nothing lost', async () => {
      const warnings: string[] = [];
      bus = open({ ...silent, warn: (_fields, message) => void warnings.push(message) });
      const topic = await freshTopic();
      const { seen, subscription } = await remember(unique('group'), [topic]);
      let published = 0;
      // What the outbox' relay does: the same again until it is durable.
      const publishSome = async () => {
        const messages = numbered(topic, 10, 5, published);
        await eventually(
          () =>
            bus.publish(messages).then(
              () => true,
              () => false,
            ),
          { timeoutMs: 40_000 },
        );
        published += 10;
      };
      await publishSome();
      await eventually(() => seen.length === 10);
      let restarted = false;
      const restart = engine.restart?.().then(() => (restarted = true));
      while (!restarted) await publishSome();
      await restart;
      await publishSome();
      await eventually(() => new Set(numbersOf(seen)).size === published, { timeoutMs: 40_000 });
      expect(warnings, 'the connections were cut').not.toEqual([]);
      expect(breachesOfOrder(seen)).toEqual([]);
      await eventually(() => expect(subscription.health()).toMatchObject({ ready: true, lastError: null, lag: 0 }), {
        timeoutMs: 20_000,
      });
    });
  });
}
