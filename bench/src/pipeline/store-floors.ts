import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { busMigrations } from '@aegis/bus/migrations';
import { connectBus } from '@aegis/service/connect-bus';
import type { BusTarget } from '@aegis/service/bus-config';
import type { Bus } from '@aegis/bus/port';
import { migrate } from '@aegis/postgres/migrate';
import pg from 'pg';

import { PACE_MS } from './latency.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const TOPIC = 'aegis.intents';
const PAYLOAD = JSON.stringify({ text: 'x'.repeat(600) });

/** Milliseconds of each of `count` transactions that insert a row into two tables. */
export async function commitTimes(databaseUrl: string, count: number): Promise<number[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(
    'CREATE TABLE IF NOT EXISTS floor_a (id uuid PRIMARY KEY, body text); CREATE TABLE IF NOT EXISTS floor_b (LIKE floor_a)',
  );
  const text = 'WITH a AS (INSERT INTO floor_a VALUES ($1, $2)) INSERT INTO floor_b VALUES ($1, $2)';
  const times = await paced(count, () => client.query({ name: 'floor', text, values: [randomUUID(), PAYLOAD] }));
  await client.end();
  return times;
}

/** Milliseconds from publishing one message to its arrival at a consumer of the same process. */
export async function hopTimes(target: BusTarget, count: number): Promise<number[]> {
  if (target.adapter === 'postgres-log') await migrate({ url: target.databaseUrl, ...busMigrations });
  const bus: Bus = await connectBus(target, { clientId: 'floor', log: quiet });
  let arrived: (() => void) | null = null;
  const subscription = await bus.subscribe({
    group: `floor-${randomUUID()}`,
    topics: [TOPIC],
    handle: async () => arrived?.(),
  });
  const hop = async () => {
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    await bus.publish([{ topic: TOPIC, key: randomUUID(), headers: { ce_id: randomUUID() }, value: PAYLOAD }]);
    await arrival;
  };
  await paced(5, hop);
  const times = await paced(count, hop);
  await subscription.stop();
  await bus.close();
  return times;
}

/** One piece of work every PACE_MS, as the system's latency is measured: what is done without a pause finds warm caches. */
async function paced(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    await delay(PACE_MS);
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times;
}
