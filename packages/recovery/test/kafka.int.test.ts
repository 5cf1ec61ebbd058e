import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafkaBus, type KafkaBusOptions } from '@aegis/bus/kafka';
import { readPositions } from '@aegis/bus/kafka/positions';
import type { Delivery } from '@aegis/bus/port';
import { createEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { TOPICS } from '@aegis/contracts/topics';
import { POSTGRES_SCHEMAS } from '@aegis/migrate/postgres-schemas';
import { createLogger } from '@aegis/runtime/log';
import { findKafka, type KafkaServer } from '@aegis/testkit/kafka';
import { createTestDatabase, type TestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../src/backup.ts';
import { EVENT_TOPICS, readMessages } from '../src/kafka-messages.ts';
import { restore } from '../src/restore.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const source = await findKafka();
const organizationId = randomUUID();
const agentId = randomUUID();

function submitted(intentId: `int_${string}`) {
  const actor = { type: 'agent', id: agentId, role: null, authMethod: 'api_key' } as const;
  const data = {
    intentId,
    agentId,
    money: { amountMinor: '1250', currency: 'GBP', exponent: 2 },
    confidence: '0.9',
    reason: 'Paper\tfor "the" printer 日本',
    merchant: null,
    merchantCategory: null,
    metadata: { order: '7' },
    submitter: actor,
    keyCreatorId: null,
    createdAt: '2026-03-05T10:00:00.123Z',
  };
  const time = new Date(data.createdAt);
  return encodeEvent(
    createEvent({ source: 'gateway', type: 'intent.submitted', time, subject: intentId, organizationId, actor, data }),
  );
}

describe.skipIf(!source || source.name === 'KAFKA_BROKERS')('a backup with Kafka', { timeout: 120_000 }, () => {
  const [first, second, third] = [newId('int'), newId('int'), newId('int')];
  let dir: string;
  let database: TestDatabase;
  const servers: KafkaServer[] = [];
  const databases: TestDatabase[] = [];
  let client: KafkaBusOptions;

  const startKafka = async (): Promise<KafkaBusOptions> => {
    const server = await source?.start();
    if (!server) throw new Error('no Kafka');
    servers.push(server);
    return { brokers: server.brokers, clientId: 'test', log };
  };
  const publish = async (to: KafkaBusOptions, ...intents: `int_${string}`[]) => {
    const bus = createKafkaBus(to);
    await bus.ensureTopics(EVENT_TOPICS);
    await bus.publish(intents.map(submitted));
    await bus.close();
  };
  /** As a service would: everything there is. */
  const consume = async (from: KafkaBusOptions, group: string, count: number): Promise<Delivery[]> => {
    const bus = createKafkaBus(from);
    const taken: Delivery[] = [];
    const done = Promise.withResolvers<void>();
    await bus.subscribe({
      group,
      topics: [TOPICS.intents],
      async handle(batch) {
        taken.push(...batch);
        if (taken.length >= count) done.resolve();
      },
    });
    await done.promise;
    await bus.close();
    return taken;
  };
  /** Ends where analytics cannot be reached; everything else is done by then. */
  const restoreInto = async (kafka: KafkaBusOptions) => {
    const target = await createTestDatabase();
    databases.push(target);
    const analytics = { clickhouse: { url: 'http://127.0.0.1:1' }, database: 'aegis_analytics' };
    const failure: unknown = await restore({
      dir: join(dir, 'backup'),
      databaseUrl: target.url,
      kafka,
      secretKeys: null,
      analytics,
      log,
    }).catch((error: unknown) => error);
    return { target, failure: String(failure) };
  };
  const intentsIn = async ({ url }: TestDatabase) => {
    const admin = new pg.Client(url);
    await admin.connect();
    try {
      const { rows } = await admin.query<{ id: string; status: string; reason: string; created_at: Date }>(
        'SELECT id, status, reason, created_at FROM gateway.intents',
      );
      return rows;
    } finally {
      await admin.end();
    }
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aegis-kafka-backup-'));
    client = await startKafka();
    database = await createTestDatabase({ migrations: POSTGRES_SCHEMAS });
    databases.push(database);
    const admin = new pg.Client(database.url);
    await admin.connect();
    await admin.query(`INSERT INTO gateway.organizations (id, name) VALUES ($1, 'Acme')`, [organizationId]);
    await admin.end();
    await publish(client, first);
    await consume(client, 'policy', 1);
    await publish(client, second);
    // Policy has handled one of two, and nobody else any.
    const secretKeys = [randomBytes(32)];
    await backUp({ databaseUrl: database.url, kafka: client, dir: join(dir, 'backup'), secretKeys, jobs: 1 });
  });
  afterAll(async () => {
    for (const created of databases) await created.drop();
    for (const server of servers) await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('puts the groups back in the cluster that outlived PostgreSQL, and intents that were submitted since', async () => {
    await publish(client, third);
    expect((await consume(client, 'policy', 2)).map(({ headers }) => headers['ce_subject'])).toEqual([second, third]);
    const { target, failure } = await restoreInto(client);
    expect(failure).toContain('ECONNREFUSED');
    const intents = await intentsIn(target);
    expect(intents.map(({ id }) => id).toSorted()).toEqual([second, third].toSorted());
    expect(intents[0]).toMatchObject({
      status: 'pending',
      reason: 'Paper\tfor "the" printer 日本',
      created_at: new Date('2026-03-05T10:00:00.123Z'),
    });
    expect((await consume(client, 'policy', 2)).map(({ headers }) => headers['ce_subject'])).toEqual([second, third]);
  });

  it('publishes in a new cluster what was unread, and nothing twice', async () => {
    const fresh = await startKafka();
    const { target, failure } = await restoreInto(fresh);
    expect(failure).toContain('ECONNREFUSED');
    expect((await intentsIn(target)).map(({ id }) => id)).toEqual([second]);
    const { ends } = await readPositions(fresh, [], EVENT_TOPICS);
    const there: Delivery[] = [];
    const from = ends.map(({ topic, partition, low }) => ({ topic, partition, offset: low }));
    await readMessages(fresh, from, ends, async (messages) => void there.push(...messages));
    expect(there.map(({ headers, value }) => ({ headers, value }))).toEqual([
      expect.objectContaining({ headers: expect.objectContaining({ ce_subject: second }) }),
    ]);
    // It has messages now, and is not the cluster of the backup.
    const again = await restoreInto(fresh);
    expect(again.failure).toContain('is not the one of the backup');
    await expect(intentsIn(again.target)).rejects.toThrow('does not exist');
  });
});
