import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BusTarget } from '@aegis/service/bus-config';
import { startEmbeddedPostgres } from '@aegis/engines/postgres';
import { temporaryDataDir } from '@aegis/testkit/data-dir';
import { findKafka, type KafkaServer } from '@aegis/testkit/kafka';
import { startSystem, type System } from '@aegis/testkit/system';
import { startExpressFloor } from './pipeline/express-floor.ts';
import { measureLatency } from './pipeline/latency.ts';
import { commitTimes, hopTimes } from './pipeline/store-floors.ts';
import { CONNECTIONS, openTarget, type Target, untilIdle } from './pipeline/target.ts';
import { measureThroughput, type Throughput } from './pipeline/throughput.ts';
import { publish, type Row } from './report.ts';
import { median, percentile } from './statistics.ts';

const HELP = `bench:pipeline: how fast intents are accepted, decided, audited and queryable, and how soon one is decided

Usage: npm run bench:pipeline [-- options]

Each round measures the floors beside the system: a bare Express handler with the same connections, one Postgres
transaction, one hop over the bus. The load generator runs on the same machine and takes its share of it.

  --count N     intents a round (default 6000)
  --rounds N    rounds; medians are reported (default 5)
  --agents N    agents of the broad load (default 1000)
  --paced N     intents of the latency measurement, one every 50 ms (default 300)
  --bus NAME    embedded or kafka alone (default: both, where a Kafka can be had)
  --help        this text
`;

/** Submission, then decision: the events that lie between a request and its answer. */
const HOPS = 2;

interface Side {
  readonly bus: 'embedded' | 'kafka';
  readonly system: System;
  readonly target: Target;
  readonly hop: BusTarget;
  readonly broad: Throughput[];
  readonly hot: Throughput[];
  readonly latencies: number[];
  readonly hops: number[];
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '6000' },
    rounds: { type: 'string', default: '5' },
    agents: { type: 'string', default: '1000' },
    paced: { type: 'string', default: '300' },
    bus: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const [count, rounds, agentCount, paced] = [values.count, values.rounds, values.agents, values.paced].map(Number) as [
  number,
  number,
  number,
  number,
];

const loadBefore = loadavg();
const dir = await temporaryDataDir('aegis-bench-');
const kafka = values.bus === 'embedded' ? undefined : await (await findKafka())?.start();
const floorDatabase = await startEmbeddedPostgres({ dir: join(dir, 'floor'), password: 'floor' });
const express = await startExpressFloor();
const expressRates: number[] = [];
const commits: number[] = [];
const sides = [
  ...(values.bus === 'kafka' ? [] : [await openSide('embedded', undefined)]),
  ...(kafka ? [await openSide('kafka', kafka)] : []),
];

try {
  note('warming up');
  for (const { target } of sides) await measureThroughput(target, target.agents, Math.ceil(count / 2));
  for (let round = 1; round <= rounds; round++) {
    note(`round ${round} of ${rounds}`);
    expressRates.push(await express.measure(count));
    commits.push(...(await commitTimes(floorDatabase.url, 40)));
    for (const side of sides) await measureRound(side);
  }
  report();
} finally {
  await express.stop();
  for (const { target, system } of sides) {
    await target.close();
    await system.stop();
  }
  await floorDatabase.stop();
  await kafka?.stop();
  await rm(dir, { recursive: true, force: true });
}

async function openSide(bus: Side['bus'], broker: KafkaServer | undefined): Promise<Side> {
  note(`starting the system on the ${bus} bus`);
  const brokers = broker?.brokers ?? [];
  const system = await startSystem({ env: { KAFKA_BROKERS: brokers.join(',') } });
  const target = await openTarget(system, agentCount);
  const hop: BusTarget = broker
    ? { adapter: 'kafka', kafka: { brokers } }
    : { adapter: 'postgres-log', databaseUrl: floorDatabase.url };
  return { bus, system, target, hop, broad: [], hot: [], latencies: [], hops: [] };
}

async function measureRound({ target, hop, broad, hot, latencies, hops }: Side): Promise<void> {
  broad.push(await measureThroughput(target, target.agents, count));
  hot.push(await measureThroughput(target, target.agents.slice(0, 1), count));
  await untilIdle(target);
  hops.push(...(await hopTimes(hop, 40)));
  latencies.push(...(await measureLatency(target, target.agents, Math.ceil(paced / rounds))));
}

function report(): void {
  const expressRate = median(expressRates);
  const commit = median(commits);
  const rows: Row[] = [
    { name: 'floor: Express, parse and answer 202', value: expressRate, unit: '/s' },
    { name: 'floor: one Postgres transaction', value: commit, unit: 'ms' },
  ];
  const ratios: Record<string, number> = {};
  for (const { bus, broad, hot, latencies, hops } of sides) {
    const floor = commit + HOPS * median(hops);
    const rate = (list: readonly Throughput[], key: keyof Throughput) => median(list.map((round) => round[key]));
    for (const [load, list] of [
      [`${agentCount} agents`, broad],
      ['one hot agent', hot],
    ] as const) {
      for (const key of ['accepted', 'decided', 'audited', 'queryable', 'endToEnd'] as const) {
        rows.push({
          name: `${bus}, ${load}: ${key === 'endToEnd' ? 'end to end' : key}`,
          value: rate(list, key),
          unit: '/s',
        });
      }
    }
    rows.push(
      { name: `${bus}: one hop over the bus, p50`, value: median(hops), unit: 'ms' },
      { name: `${bus}: floor of a decision (1 commit + ${HOPS} hops)`, value: floor, unit: 'ms' },
      { name: `${bus}: submit to decided, p50`, value: median(latencies), unit: 'ms' },
      { name: `${bus}: submit to decided, p99`, value: percentile(latencies, 99), unit: 'ms' },
    );
    ratios[`throughput_${bus}_vs_express`] = Math.min(rate(broad, 'endToEnd'), rate(hot, 'endToEnd')) / expressRate;
    ratios[`latency_p50_${bus}_over_floor`] = median(latencies) / floor;
  }
  publish(
    { name: 'pipeline', rows, ratios, parameters: { count, rounds, agentCount, paced, connections: CONNECTIONS } },
    loadBefore,
  );
}

function note(text: string): void {
  process.stderr.write(`… ${text}\n`);
}
