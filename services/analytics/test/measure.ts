import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchHandler, Bus, Delivery } from '@aegis/bus/port';
import { encodeEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { startConsumer } from '../src/inbound/consumer.ts';
import { getSpend } from '../src/usecases/get-spend.ts';
import { recordFacts } from '../src/usecases/record-facts.ts';
import { decided, submitted } from './events.ts';
import { openStore } from './open-store.ts';

// What the embedded engine takes and answers on this machine, and what it costs the process it lives in:
// `node services/analytics/test/measure.ts [thousand intents]`. Half the events are submissions, half decisions.
const INTENTS = Number(process.argv[2] ?? 200) * 1_000;
const MAX_BATCH = 5_000;
const DAY_MS = 86_400_000;
const UNTIL = new Date('2026-03-31');
const AGENTS = Array.from({ length: 50 }, () => randomUUID());
const organizationId = randomUUID();

const { store, close } = await openStore();
const handle = await consumer();
const cpuMs = () => (process.cpuUsage().user + process.cpuUsage().system) / 1_000;

/** The consumer as the bus would drive it. */
async function consumer(): Promise<BatchHandler> {
  const { promise, resolve } = Promise.withResolvers<BatchHandler>();
  const subscribe: Bus['subscribe'] = async (options) => {
    resolve(options.handle);
    return { health: () => ({ ready: true, lag: 0, lastProgressAt: 0, lastError: null }), stop: async () => undefined };
  };
  const bus = { subscribe } as Bus;
  await startConsumer({ bus, lingerMs: 0, maxBatch: MAX_BATCH, record: (events) => recordFacts(store, events) });
  return promise;
}

let made = 0;
function deliveries(count: number): Delivery[] {
  return Array.from({ length: count / 2 }, () => {
    made += 1;
    const intent = {
      organizationId,
      intentId: newId('int'),
      agentId: AGENTS[made % AGENTS.length] ?? '',
      money: { amountMinor: String(100 + made), currency: 'INR', exponent: 2 },
      amountBaseMinor: BigInt(100 + made),
      baseCurrency: 'INR',
      createdAt: new Date(UNTIL.getTime() - (made % (60 * DAY_MS))),
    };
    return [submitted(intent), decided(intent, made % 7 === 0 ? 'denied' : 'approved')];
  })
    .flat()
    .map((event, index) => ({ ...encodeEvent(event), partition: 0, offset: BigInt(index) }));
}

interface Plan<I> {
  readonly rounds: number;
  readonly pauseMs: number;
  /** Makes the input of a round while nothing is measured. */
  readonly prepare: () => I;
  readonly work: (input: I) => Promise<unknown>;
}

/** Runs rounds one after another, and prints their latency and the delay of the loop meanwhile. */
async function measure<I>(label: string, { rounds, pauseMs, prepare, work }: Plan<I>): Promise<number> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const latencies: number[] = [];
  let usedMs = 0;
  let elapsedMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const input = prepare();
    await sleep(5);
    const [cpu, begun] = [cpuMs(), performance.now()];
    loop.enable();
    await work(input);
    latencies.push(performance.now() - begun);
    await sleep(pauseMs);
    loop.disable();
    usedMs += cpuMs() - cpu;
    elapsedMs += performance.now() - begun;
  }
  latencies.sort((a, b) => a - b);
  const at = (share: number) => (latencies[Math.floor((latencies.length - 1) * share)] ?? 0).toFixed(1);
  const delay = (percentile: number) => (loop.percentile(percentile) / 1e6).toFixed(1);
  const share = ((usedMs / elapsedMs) * 100).toFixed(0);
  const busyMs = latencies.reduce((sum, each) => sum + each, 0);
  console.log(
    `${label.padEnd(34)} p50 ${at(0.5)} p95 ${at(0.95)} max ${at(1)} ms | loop p99 ${delay(99)} max ${(loop.max / 1e6).toFixed(1)} ms | cpu ${share} %`,
  );
  return busyMs;
}

const nothing = () => undefined;
await measure('nothing, for comparison', { rounds: 25, pauseMs: 200, prepare: nothing, work: async () => undefined });
for (const size of [20, 200, 1_000]) {
  const prepare = () => deliveries(size);
  await measure(`batch of ${size} events every 200 ms`, { rounds: 25, pauseMs: 200, prepare, work: handle });
}
const rounds = Math.ceil((2 * INTENTS) / MAX_BATCH);
const prepare = () => deliveries(MAX_BATCH);
const busyMs = await measure(`batches of ${MAX_BATCH} events`, { rounds, pauseMs: 0, prepare, work: handle });
console.log(`catching up: ${Math.round((rounds * MAX_BATCH) / (busyMs / 1_000))} events/s`);

const { signal } = new AbortController();
const ask = (days: number, agentId: string | null) =>
  getSpend(store, { organizationId, agentId, days, until: UNTIL }, { signal });
const question = (work: () => Promise<unknown>) => ({ rounds: 40, pauseMs: 20, prepare: nothing, work });
await measure(
  `spend of 30 days, ${made} intents`,
  question(() => ask(30, null)),
);
await measure(
  'spend of 1 day',
  question(() => ask(1, null)),
);
await measure(
  'spend of 30 days of one agent',
  question(() => ask(30, AGENTS[0] ?? null)),
);
await measure(
  '8 questions at once',
  question(() => Promise.all(Array.from({ length: 8 }, () => ask(30, null)))),
);
await sleep(5_000);
const cpu = cpuMs();
await sleep(20_000);
console.log(
  `idle: ${((cpuMs() - cpu) / 200).toFixed(2)} % of a core, ${Math.round(process.memoryUsage.rss() / 1e6)} MB resident`,
);
await close();
