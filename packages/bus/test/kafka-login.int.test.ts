import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@aegis/testkit/eventually';
import {
  freePort,
  kafkaJars,
  type KafkaLogin,
  type LocalKafka,
  loginModule,
  missingTools,
  startLocalKafka,
} from '@aegis/testkit/kafka-local';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKafkaBus } from '../src/kafka.ts';
import type { Bus, Delivery } from '../src/port.ts';
import { silent, unique } from './contract.ts';
import { numbered, numbersOf, range } from './messages.ts';

// Whoever has Kafka elsewhere does not let a test change who may log in there.
const missing = await missingTools();
if (missing.length > 0)
  console.warn(`\n*** SKIPPED: the exchange of a Kafka login (no ${missing.join(' and ')}) ***\n`);

const BROKER: KafkaLogin = { username: 'broker', password: 'of-the-broker' };
const OLD: KafkaLogin = { username: 'aegis-a', password: 'the-old-password' };
const NEW: KafkaLogin = { username: 'aegis-b', password: 'the-new-password' };

describe.skipIf(missing.length > 0)('the login of Kafka', { timeout: 120_000 }, () => {
  let dir: string;
  let port: number;
  let broker: LocalKafka;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aegis-kafka-login-'));
    port = await freePort();
    broker = await startLocalKafka({ dir, port, login: BROKER });
  }, 120_000);
  afterAll(async () => {
    await broker.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  function connect({ username, password }: KafkaLogin): Bus {
    const sasl = { mechanism: 'scram-sha-512', username, password } as const;
    return createKafkaBus({ brokers: [`localhost:${port}`], clientId: username, sasl, heartbeatMs: 200, log: silent });
  }

  /** Kafka's own tool, as its operator would use it. */
  async function changeUser({ username, password }: KafkaLogin, change: 'add' | 'delete'): Promise<void> {
    const settings = join(dir, 'operator.properties');
    const properties = ['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=SCRAM-SHA-512'];
    await writeFile(settings, [...properties, `sasl.jaas.config=${loginModule(BROKER)}`, ''].join('\n'));
    const credential = change === 'add' ? `SCRAM-SHA-512=[password=${password}]` : 'SCRAM-SHA-512';
    const at = ['--bootstrap-server', `localhost:${port}`, '--command-config', settings];
    const user = ['--entity-type', 'users', '--entity-name', username, '--alter', `--${change}-config`, credential];
    const tool = ['-cp', `${await kafkaJars()}/*`, 'kafka.admin.ConfigCommand'];
    await promisify(execFile)('java', [...tool, ...at, ...user]);
  }

  test('is exchanged while messages flow: none is lost, and the old one is of no use afterwards', async () => {
    await changeUser(OLD, 'add');
    const [topic, group] = [unique('login'), unique('group')];
    const seen: Delivery[] = [];
    const subscribe = (bus: Bus) =>
      bus.subscribe({ group, topics: [topic], handle: async (batch) => void seen.push(...batch) });
    const old = connect(OLD);
    await subscribe(old);
    await old.publish(numbered(topic, 100, 5, 0));
    await eventually(() => seen.length >= 100, { timeoutMs: 30_000 });

    // Both are good, and replicas of either kind share the group, as in a rolling restart.
    await changeUser(NEW, 'add');
    const next = connect(NEW);
    await subscribe(next);
    await Promise.all([old.publish(numbered(topic, 100, 5, 100)), next.publish(numbered(topic, 100, 5, 200))]);
    await old.close();
    await changeUser(OLD, 'delete');

    await next.publish(numbered(topic, 100, 5, 300));
    await eventually(() => expect([...new Set(numbersOf(seen))]).toEqual(range(400)), { timeoutMs: 60_000 });
    await next.close();
    const left = connect(OLD);
    await expect(left.publish(numbered(topic, 1))).rejects.toThrow(/authentication|credentials/i);
    await left.close();
  });
});
