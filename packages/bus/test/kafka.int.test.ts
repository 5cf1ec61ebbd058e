import { findKafka } from '@aegis/testkit/kafka';
import { eventually } from '@aegis/testkit/eventually';
import { type Consumer, type Kafka, KafkaJSError, KafkaJSNonRetriableError } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, RETRY } from '../src/kafka/client.ts';
import { seekGroup } from '../src/kafka/seek.ts';
import { KafkaSubscription, type KafkaSubscriptionOptions } from '../src/kafka/subscription.ts';
import type { Delivery } from '../src/port.ts';
import { connect } from './connect.ts';
import { describeBus, type Engine, silent, unique } from './contract.ts';
import { numbered, numbersOf, range } from './messages.ts';

const source = await findKafka();

/** A client whose first consumer is spoilt; the others are as they should be. */
function spoilFirstConsumer(kafka: Kafka, spoil: (consumer: Consumer) => void): Kafka {
  const create = kafka.consumer.bind(kafka);
  kafka.consumer = (config) => {
    kafka.consumer = create;
    const consumer = create(config);
    spoil(consumer);
    return consumer;
  };
  return kafka;
}

/** It joins its group and keeps its place there, but fetches nothing. */
function stall(consumer: Consumer): void {
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
    consumer.pause(Object.keys(payload.memberAssignment).map((topic) => ({ topic }))),
  );
}

/** Every batch ends in the client's own error. */
function crashWith(failure: Error): (consumer: Consumer) => void {
  return (consumer) => {
    const run = consumer.run.bind(consumer);
    consumer.run = (config) => run({ ...config, eachBatch: () => Promise.reject(failure) });
  };
}

async function start(): Promise<Engine> {
  if (!source) throw new Error('no Kafka');
  const server = await source.start();
  return {
    address: { adapter: 'kafka', brokers: server.brokers },
    seek: (options) => seekGroup({ brokers: server.brokers, clientId: 'seek', log: silent }, options),
    restart: server.restart,
    stop: () => server.stop(),
  };
}

describe.skipIf(!source)(`with Kafka from ${source?.name}`, { timeout: 120_000 }, () => {
  describeBus('the Kafka bus', start, source?.name !== 'KAFKA_BROKERS');

  describe('against a broker that has just started', () => {
    let engine: Engine;
    const printed: string[] = [];
    const onWarning = (warning: Error) => void printed.push(String(warning));

    beforeAll(async () => {
      process.on('warning', onWarning);
      engine = await start();
    });
    afterAll(async () => {
      process.off('warning', onWarning);
      await engine.stop();
    });

    test('joins, publishes, handles and leaves without a warning in the log or on the console', async () => {
      const lines: string[] = [];
      const line = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
      const { bus, close } = connect(engine.address, { ...silent, warn: line, error: line });
      const topic = unique('quiet');
      const seen: string[] = [];
      await bus.subscribe({
        group: unique('group'),
        topics: [topic],
        handle: async (batch) => void seen.push(...batch.map((delivery) => delivery.value)),
      });
      await bus.publish(numbered(topic, 100));
      await eventually(() => seen.length === 100);
      await close();
      expect(lines).toEqual([]);
      expect(printed).toEqual([]);
    });

    const client = () => createClient({ brokers: brokersOf(engine), clientId: 'test', log: silent });

    /** A subscription on a bus of its own, with some of the internal settings changed. */
    async function subscribe(overrides: Partial<KafkaSubscriptionOptions>) {
      const connection = connect(engine.address, silent);
      const kafka = client();
      const admin = kafka.admin();
      await admin.connect();
      const topic = unique('recovers');
      await connection.bus.ensureTopics([topic]);
      const seen: Delivery[] = [];
      const lines: string[] = [];
      const line = (fields: object, message: string) => void lines.push(`${message} ${describeError(fields)}`);
      const subscription = new KafkaSubscription({
        kafka,
        admin: async () => admin,
        retry: RETRY,
        group: unique('group'),
        topics: [topic],
        handle: async (batch) => void seen.push(...batch),
        publish: (messages) => connection.bus.publish(messages),
        ensureTopics: (topics) => connection.bus.ensureTopics(topics),
        sessionTimeoutMs: 6_000,
        heartbeatMs: 200,
        stallMs: 60_000,
        log: { ...silent, debug: line, warn: line },
        onStopped: () => undefined,
        ...overrides,
      });
      await subscription.start();
      return {
        seen,
        lines,
        subscription,
        publish: (count: number, from: number) => connection.bus.publish(numbered(topic, count, 20, from)),
        async close() {
          await subscription.stop();
          await admin.disconnect();
          await connection.close();
        },
      };
    }

    test('replaces a consumer that keeps its place in the group and handles nothing', async () => {
      const stalled = await subscribe({ kafka: spoilFirstConsumer(client(), stall), stallMs: 1_000 });
      await stalled.publish(50, 0);
      await eventually(() => stalled.seen.length >= 50, { timeoutMs: 60_000 });
      expect(numbersOf(stalled.seen)).toEqual(range(50));
      expect(stalled.lines.join()).toMatch(/consumer ended, starting another .*50 messages wait/);
      await stalled.close();
    });

    test.each([
      ['ends for good', new KafkaJSNonRetriableError('no use')],
      ['would start again by itself', new KafkaJSError('try again', { retriable: true })],
    ])('starts another consumer after a crash from which kafkajs %s', async (_, error) => {
      const kafka = spoilFirstConsumer(client(), crashWith(error));
      const crashed = await subscribe({ kafka, retry: { retries: 1, initialRetryTime: 20 } });
      await crashed.publish(50, 0);
      await eventually(() => crashed.seen.length >= 50, { timeoutMs: 30_000 });
      expect(numbersOf(crashed.seen)).toEqual(range(50));
      expect(crashed.lines.filter((line) => line.startsWith('consumer ended, starting another'))).toHaveLength(1);
      await eventually(() => expect(crashed.subscription.health()).toMatchObject({ ready: true, lastError: null }));
      await crashed.close();
    });
  });
});

function brokersOf(engine: Engine): readonly string[] {
  return engine.address.adapter === 'kafka' ? engine.address.brokers : [];
}

function describeError(fields: object): string {
  return 'err' in fields ? String(fields.err) : '';
}
