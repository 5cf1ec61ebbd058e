import { migrate } from '@aegis/postgres/migrate';
import { findKafka } from '@aegis/testkit/kafka';
import { startPostgres } from '@aegis/testkit/postgres';
import { readdir, readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Bus, BusMessage } from '../src/port.ts';
import { type Address, connect } from './connect.ts';

// What the bus carries on this machine: `node packages/bus/test/measure.ts`. PostgreSQL is durable (fsync) here; Kafka,
// where it can be had, acknowledges from its page cache, as it does by default.
const GROUPS = 4;
const BATCH = 500;
const SECONDS = 5;
const ROUNDS = 5;
const HEADERS = {
  ce_id: 'evt_0190f6c2a7b87c1d9e0f3c2b1a',
  ce_type: 'intent.submitted',
  ce_source: '/aegis/gateway',
  ce_time: '2026-01-01T00:00:00.000Z',
  ce_subject: 'int_0190f6c2a7b87c1d9e0f3c2b1a',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const VALUE = JSON.stringify({ lines: Array.from({ length: 20 }, (_, line) => ({ line, text: 'abcdefghij' })) });

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: console.warn, error: console.error };

interface Measured {
  readonly name: string;
  readonly address: Address;
  /** Microseconds of CPU that the engine has used, where that is known. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

async function startLog(): Promise<Measured> {
  const server = await startPostgres();
  await migrate({ url: server.url, schema: 'bus', dir: join(import.meta.dirname, '../migrations') });
  const postmaster = await postmasterPid(server.url);
  return {
    name: 'postgres-log',
    address: { adapter: 'postgres-log', url: server.url },
    cpu: () => cpuOf(postmaster),
    stop: () => server.stop(),
  };
}

async function startKafka(): Promise<Measured[]> {
  const server = await (await findKafka())?.start();
  if (!server) return [];
  const address = { adapter: 'kafka', brokers: server.brokers } as const;
  return [{ name: 'kafka', address, cpu: async () => NaN, stop: () => server.stop() }];
}

function messages(topics: readonly string[], count: number, agents: number): BusMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    topic: topics[index % topics.length] ?? '',
    key: `agt_0190f6c2a7b87c1d9e0f${index % agents}`,
    headers: HEADERS,
    value: VALUE.slice(0, 600),
  }));
}

async function throughput(
  { cpu }: Measured,
  publisher: Bus,
  consumer: Bus,
  run: string,
  agents: number,
): Promise<void> {
  // New groups start at the beginning, so every run has topics of its own.
  const topics = ['intents', 'decisions', 'approvals'].map((name) => `${run.replaceAll(' ', '-')}.${name}`);
  await publisher.ensureTopics(topics);
  const handled = new Map<string, number>();
  const groups = Array.from({ length: GROUPS }, (_, index) => `${run}-${index}`);
  const subscriptions = await Promise.all(
    groups.map((group) =>
      consumer.subscribe({
        group,
        topics,
        handle: async (batch) => void handled.set(group, (handled.get(group) ?? 0) + batch.length),
      }),
    ),
  );
  const ownCpu = process.cpuUsage();
  const serverCpu = await cpu();
  const started = performance.now();
  let published = 0;
  const publish = async () => {
    while (performance.now() - started < SECONDS * 1_000) {
      await publisher.publish(messages(topics, BATCH, agents));
      published += BATCH;
    }
  };
  await Promise.all([publish(), publish()]);
  const appendSeconds = (performance.now() - started) / 1_000;
  while (groups.some((group) => (handled.get(group) ?? 0) < published))
    await new Promise((done) => setTimeout(done, 5));
  const allSeconds = (performance.now() - started) / 1_000;
  const used = process.cpuUsage(ownCpu);
  console.log(
    `${run}: ${Math.round(published / appendSeconds)} msg/s appended, ` +
      `${Math.round(published / allSeconds)} msg/s handled by each of ${GROUPS} groups; ` +
      `Node ${((used.user + used.system) / published).toFixed(1)} µs/msg, ` +
      `engine ${(((await cpu()) - serverCpu) / published).toFixed(1)} µs/msg`,
  );
  await Promise.all(subscriptions.map((subscription) => subscription.stop()));
}

/** What a process and its children have used (fields of proc_pid_stat(5), Linux). */
async function cpuOf(parent: number): Promise<number> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(names.map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')));
  let ticks = 0;
  for (const stat of stats) {
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [own, ended] = [(fields[11] ?? 0) + (fields[12] ?? 0), (fields[13] ?? 0) + (fields[14] ?? 0)];
    if (fields[1] === parent) ticks += own;
    if (stat.startsWith(`${parent} `)) ticks += own + ended;
  }
  return ticks * 10_000;
}

async function postmasterPid(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const stat = await readFile(`/proc/${rows[0]?.pid}/stat`, 'utf8');
  await client.end();
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

async function latency(publisher: Bus, consumer: Bus, run: string): Promise<void> {
  const topic = run.replaceAll(' ', '-');
  await publisher.ensureTopics([topic]);
  let arrived: (() => void) | undefined;
  const subscription = await consumer.subscribe({ group: run, topics: [topic], handle: async () => arrived?.() });
  const publishMs: number[] = [];
  const handleMs: number[] = [];
  for (let round = 0; round < 600; round += 1) {
    const started = performance.now();
    const handled = new Promise<void>((resolve) => (arrived = resolve));
    await publisher.publish(messages([topic], 1, 1));
    publishMs.push(performance.now() - started);
    await handled;
    handleMs.push(performance.now() - started);
    await new Promise((done) => setTimeout(done, 5));
  }
  console.log(`${run}: publish ${percentiles(publishMs)}, publish → handle ${percentiles(handleMs)}`);
  await subscription.stop();
}

function percentiles(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

console.log(`load average ${loadavg()[0]?.toFixed(1)}`);
const engines = [await startLog(), ...(await startKafka())];
for (let round = 1; round <= ROUNDS; round += 1) {
  for (const engine of engines) {
    const here = connect(engine.address, log);
    const there = connect(engine.address, log);
    const run = `${engine.name} ${round}`;
    await throughput(engine, here.bus, here.bus, `${run} same bus`, 1_000);
    await throughput(engine, here.bus, there.bus, `${run} another bus`, 1_000);
    await throughput(engine, here.bus, here.bus, `${run} one hot key`, 1);
    await latency(here.bus, here.bus, `${run} idle same bus`);
    await latency(here.bus, there.bus, `${run} idle another bus`);
    await here.close();
    await there.close();
  }
}
for (const engine of engines) await engine.stop();
console.log(`load average ${loadavg()[0]?.toFixed(1)}`);
