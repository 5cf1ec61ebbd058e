import { randomUUID } from 'node:crypto';
import type { Bus } from '@aegis/bus/port';
import { encodeEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { createGrpcClient } from '@aegis/grpc/client';
import { analyticsService } from '@aegis/grpc/definitions';
import { createTestBus } from '@aegis/testkit/bus';
import { eventually } from '@aegis/testkit/eventually';
import { createTestDatabase } from '@aegis/testkit/test-database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnalyticsService } from '../src/app.ts';
import { connectClickHouse } from '../src/clickhouse.ts';
import type { Store } from '../src/store/store.ts';
import { type TestIntent, decided, organizationSet, resolved, submitted } from './events.ts';
import { openStore, silent } from './open-store.ts';

let store: Store;
let bus: Bus;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const opened = await openStore();
  const database = await createTestDatabase();
  bus = await createTestBus(database.url);
  store = opened.store;
  closers.push(() => bus.close(), database.drop, opened.close);
});
afterAll(async () => {
  for (const close of closers) await close();
});

async function start(clickhouse = store.clickhouse) {
  const grpc = { host: '127.0.0.1', port: 0, tls: null, allowInsecure: false };
  const service = await createAnalyticsService(
    { database: store.database, lingerMs: 200, maxBatch: 5_000, grpc },
    { bus, log: silent, clickhouse },
  );
  const client = createGrpcClient(analyticsService, { address: service.grpcAddress, tls: null });
  const stop = async () => {
    client.close();
    await service.stop();
  };
  return { service, client, stop };
}

const UNTIL = '2026-03-31T00:00:00.000Z';
const caller = (organizationId: string) => ({
  organizationId,
  actor: { type: 'human', id: 'ann', role: 'finance', authMethod: 'jwt' },
});

function intent(): TestIntent {
  return {
    organizationId: randomUUID(),
    intentId: newId('int'),
    agentId: randomUUID(),
    money: { amountMinor: '9007199254740993', currency: 'INR', exponent: 2 },
    amountBaseMinor: 9_007_199_254_740_993n,
    baseCurrency: 'INR',
    createdAt: new Date('2026-03-30'),
  };
}

describe('the analytics service', () => {
  it('answers of what was published about a second ago, exactly', async () => {
    const { service, client, stop } = await start();
    await eventually(async () => expect(await service.readiness()).toMatchObject({ ready: true }));
    const one = intent();
    const { organizationId } = one;
    const events = [
      organizationSet(organizationId, 'INR', one.createdAt),
      submitted(one),
      decided(one, 'pending_approval'),
      decided(one, 'approved'),
      resolved({
        organizationId,
        approvalId: newId('apr'),
        outcome: 'approved',
        requestedAt: one.createdAt,
        resolvedAt: new Date(one.createdAt.getTime() + 1500),
      }),
    ];
    await bus.publish([...events, ...events].map(encodeEvent));
    const published = performance.now();
    const spend = await eventually(async () => {
      const answer = await client.getSpend({ caller: caller(organizationId), days: 30, until: UNTIL });
      expect(answer.approved?.count).toBe('1');
      return answer;
    });
    expect(performance.now() - published).toBeLessThan(3_000);
    const money = { amountMinor: '9007199254740993', currency: 'INR', exponent: 2 };
    const none = { count: '0', amount: { ...money, amountMinor: '0' } };
    expect(spend).toEqual({
      total: money,
      previousTotal: none.amount,
      intentCount: '1',
      approved: { count: '1', amount: money },
      denied: none,
      pending: none,
      pendingApproval: none,
      byCurrency: [money],
      from: '2026-03-01T00:00:00.000Z',
      to: UNTIL,
    });
    const times = await client.getApprovalTimes({ caller: caller(organizationId), days: 30, until: UNTIL });
    expect(times).toMatchObject({ responded: '1', approved: '1', averageSeconds: 1.5, p95Seconds: 1.5 });
    const elsewhere = await client.getApprovalTimes({ caller: caller(randomUUID()), days: 30, until: UNTIL });
    expect(elsewhere).toMatchObject({ responded: '0', expired: '0' });
    expect(elsewhere.averageSeconds).toBeUndefined();
    await stop();
  });

  it('makes one part of events that come within its linger, not one each', async () => {
    const { client, stop } = await start();
    const ofOne = intent();
    const partsBefore = await newParts();
    for (let n = 0; n < 50; n += 1) {
      await bus.publish([encodeEvent(submitted({ ...ofOne, intentId: newId('int') }))]);
    }
    await eventually(async () => {
      const answer = await client.getSpend({ caller: caller(ofOne.organizationId), days: 30, until: UNTIL });
      expect(answer.pending?.count).toBe('50');
    });
    expect((await newParts()) - partsBefore).toBeLessThan(10);
    await stop();
  });

  it('refuses questions that make no sense, naming the field', async () => {
    const { client, stop } = await start();
    const good = { caller: caller(randomUUID()), days: 30, until: UNTIL };
    for (const [path, bad] of [
      ['days', { ...good, days: 0 }],
      ['until', { ...good, until: 'yesterday' }],
      ['agentId', { ...good, agentId: 'nobody' }],
      ['caller', { ...good, caller: null }],
      ['caller.organizationId', { ...good, caller: { ...good.caller, organizationId: "' OR 1=1" } }],
    ] as const) {
      await expect(client.getSpend(bad)).rejects.toMatchObject({ code: 'invalid_request', errors: [{ path }] });
    }
    await stop();
  });

  it('without ClickHouse is unready, answers unavailable, passes over nothing, and catches up when it is back', async () => {
    const one = intent();
    const nowhere = await connectClickHouse({ url: 'http://127.0.0.1:9' });
    const down = await start(nowhere);
    await bus.publish([encodeEvent(decided(one, 'approved'))]);
    await eventually(async () => {
      const { ready, checks } = await down.service.readiness();
      expect([ready, checks['clickhouse']?.ok, checks['consumer']?.ok]).toEqual([false, false, false]);
    });
    const question = { caller: caller(one.organizationId), days: 30, until: UNTIL };
    await expect(down.client.getSpend(question)).rejects.toMatchObject({ code: 'unavailable' });
    expect(down.service.liveness?.()).toEqual({ consumer: { ok: true } });
    await down.stop();
    await nowhere.close();

    const back = await start();
    await eventually(async () => expect((await back.client.getSpend(question)).approved?.count).toBe('1'));
    await back.stop();
  });

  it('puts what no table can hold among the dead letters, and goes on', async () => {
    const { client, stop } = await start();
    const [bad, good] = [intent(), intent()];
    const unusable = encodeEvent(submitted({ ...bad, organizationId: 'nowhere' }));
    await bus.publish([unusable, encodeEvent(submitted(good))]);
    await eventually(async () => {
      const answer = await client.getSpend({ caller: caller(good.organizationId), days: 30, until: UNTIL });
      expect(answer.pending?.count).toBe('1');
    });
    await stop();
  });
});

/** How many parts inserts have made so far. */
async function newParts(): Promise<number> {
  const result = await store.clickhouse.query({
    query: `SELECT toUInt32(max(max_block_number)) AS inserts FROM system.parts WHERE database = {database:String} AND table = 'intents'`,
    query_params: { database: store.database },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ inserts: number }>();
  return row?.inserts ?? 0;
}
