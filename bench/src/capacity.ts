import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventually } from '@aegis/testkit/eventually';
import pg from 'pg';
import { Pool } from 'undici';
import { deploy, type Deployment } from '../../deploy/test/processes/deployment.ts';
import { SERVICES, type ServiceName } from '../../deploy/test/services.ts';
import { publish, type Row } from './report.ts';

const HELP = `bench:capacity: what an intent costs each service and each store, for docs/scaling.md

Usage: npm run bench:capacity [-- options]

The five services as processes of their own with mutual TLS, one replica each, on real stores. Intents of one size are submitted,
and when all are decided, audited and counted, the processor time, memory and disk of each part are told, divided by their number.

  --count N     intents (default 20000), after a tenth of that to warm up
  --help        this text
`;

const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const count = Number(values.count);
const CONNECTIONS = 64;
const SCHEMAS = ['gateway', 'policy', 'approval', 'audit'];

const loadBefore = loadavg();
const deployment = await deploy();
const admin = new pg.Client(deployment.system.stores.env.DATABASE_URL);
await admin.connect();
try {
  await submit(Math.ceil(count / 10));
  await settled();
  const before = await snapshot();
  const begun = performance.now();
  await submit(count);
  await settled();
  const seconds = (performance.now() - begun) / 1_000;
  const after = await snapshot();
  publish({ name: 'capacity', rows: rowsOf(before, after, seconds), ratios: {}, parameters: { count } }, loadBefore);
} finally {
  await admin.end();
  await deployment.close();
}

interface Snapshot {
  /** Seconds of processor time, and bytes of memory, of each service. */
  readonly services: ReadonlyMap<ServiceName, { readonly cpu: number; readonly memory: number }>;
  readonly postgresCpu: number;
  /** Bytes of tables with their indexes. */
  readonly schemas: ReadonlyMap<string, number>;
  readonly wal: number;
  readonly clickhouse: number;
  readonly transactions: number;
}

async function snapshot(): Promise<Snapshot> {
  await admin.query('CHECKPOINT');
  const services = new Map<ServiceName, { cpu: number; memory: number }>();
  for (const name of SERVICES) services.set(name, await usage(deployment, name));
  const sizes = await admin.query<{ schema: string; bytes: number }>(
    `SELECT n.nspname AS schema, sum(pg_total_relation_size(c.oid))::float AS bytes
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY ($1) AND c.relkind = 'r' AND c.relname NOT IN ('outbox', 'inbox') GROUP BY 1`,
    [SCHEMAS],
  );
  const server = await admin.query<{ wal: number; transactions: number }>(
    `SELECT (pg_current_wal_insert_lsn() - '0/0')::float AS wal,
       (SELECT sum(xact_commit)::float FROM pg_stat_database) AS transactions`,
  );
  return {
    services,
    postgresCpu: await postgresCpu(),
    schemas: new Map(sizes.rows.map(({ schema, bytes }) => [schema, bytes])),
    wal: server.rows[0]?.wal ?? 0,
    transactions: server.rows[0]?.transactions ?? 0,
    clickhouse: await clickhouseBytes(),
  };
}

async function usage({ system }: Deployment, name: ServiceName): Promise<{ cpu: number; memory: number }> {
  const [replica] = system.services.of(name);
  const text = await (await fetch(`${replica?.metricsUrl}/metrics`)).text();
  const read = (metric: string) => Number(new RegExp(`^${metric}(?:{[^}]*})? (\\S+)`, 'm').exec(text)?.[1]);
  return { cpu: read('process_cpu_seconds_total'), memory: read('process_resident_memory_bytes') };
}

/** Of the server's processes that live, and those that ended: what the postmaster has waited for. */
async function postgresCpu(): Promise<number> {
  const { rows } = await admin.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity UNION SELECT pg_backend_pid()`);
  let ticks = 0;
  for (const { pid } of rows) ticks += await ticksOf(pid, 13, 14);
  const { rows: files } = await admin.query<{ dir: string }>('SHOW data_directory').then(({ rows: found }) => ({
    rows: found.map((row) => ({ dir: String(Object.values(row)[0]) })),
  }));
  const postmaster = Number((await readFile(`${files[0]?.dir}/postmaster.pid`, 'utf8')).split('\n')[0]);
  return (ticks + (await ticksOf(postmaster, 13, 14, 15, 16))) / 100;
}

/** Fields of /proc/PID/stat, counted from 0. */
async function ticksOf(pid: number, ...fields: number[]): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold spaces.
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.reduce((sum, field) => sum + Number(rest[field - 2] ?? 0), 0);
}

async function clickhouseBytes(): Promise<number> {
  const query = `OPTIMIZE TABLE aegis_analytics.intents FINAL`;
  await fetch(deployment.system.stores.env.CLICKHOUSE_URL, { method: 'POST', body: query });
  const answer = await fetch(deployment.system.stores.env.CLICKHOUSE_URL, {
    method: 'POST',
    body: `SELECT sum(bytes_on_disk) FROM system.parts WHERE database = 'aegis_analytics' AND active`,
  });
  return Number((await answer.text()).trim());
}

async function submit(intents: number): Promise<void> {
  const { baseUrl, agentId, agentKey } = deployment.system.facts;
  const pool = new Pool(baseUrl, { connections: CONNECTIONS });
  const headers = { authorization: `Bearer ${agentKey}`, 'content-type': 'application/json' };
  const merchants = Array.from({ length: 50 }, (_, number) => `Merchant number ${number}`);
  let left = intents;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const body = {
        agentId,
        amount: 12.5,
        currency: 'GBP',
        reason: 'A hundred sheets of paper for the printer on the third floor',
        merchant: merchants[left % merchants.length],
        merchantCategory: 'office supplies',
        metadata: { order: `order-${left}` },
      };
      const answer = await pool.request({ method: 'POST', path: '/v1/intents', headers, body: JSON.stringify(body) });
      await answer.body.dump();
      if (answer.statusCode !== 202) throw new Error(`an intent was answered with ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  await pool.close();
}

/** Until every consumer has handled everything. */
async function settled(): Promise<void> {
  const lags = async () => {
    const texts = await Promise.all(
      SERVICES.map(async (name) =>
        (await fetch(`${deployment.system.services.of(name)[0]?.metricsUrl}/metrics`)).text(),
      ),
    );
    return texts.flatMap((text) =>
      [...text.matchAll(/^aegis_(?:consumer|outbox)_lag{[^}]*} (\S+)/gm)].map(([, lag]) => Number(lag)),
    );
  };
  let quiet = 0;
  await eventually(
    async () => {
      quiet = (await lags()).every((lag) => lag === 0) ? quiet + 1 : 0;
      return quiet === 5;
    },
    { timeoutMs: 300_000, intervalMs: 100 },
  );
  await sleep(500);
}

function rowsOf(before: Snapshot, after: Snapshot, seconds: number): Row[] {
  const per = (a: number, b: number) => (b - a) / count;
  const rows: Row[] = [{ name: 'all of it together, one replica each', value: count / seconds, unit: 'intents/s' }];
  let total = 0;
  for (const [name, { cpu, memory }] of after.services) {
    const spent = per(before.services.get(name)?.cpu ?? 0, cpu) * 1_000;
    total += spent;
    rows.push(
      {
        name: `${name}: processor`,
        value: spent,
        unit: 'ms/intent',
        note: `${Math.round(1_000 / spent)} intents/s a core`,
      },
      { name: `${name}: memory after it`, value: memory / 1e6, unit: 'MB' },
    );
  }
  const postgres = per(before.postgresCpu, after.postgresCpu) * 1_000;
  rows.push(
    { name: 'services together: processor', value: total, unit: 'ms/intent' },
    {
      name: 'PostgreSQL: processor',
      value: postgres,
      unit: 'ms/intent',
      note: `${Math.round(1_000 / postgres)} intents/s a core`,
    },
    { name: 'PostgreSQL: transactions', value: per(before.transactions, after.transactions), unit: '/intent' },
    { name: 'PostgreSQL: write-ahead log', value: per(before.wal, after.wal), unit: 'bytes/intent' },
  );
  for (const [schema, bytes] of after.schemas)
    rows.push({
      name: `PostgreSQL: ${schema} on disk`,
      value: per(before.schemas.get(schema) ?? 0, bytes),
      unit: 'bytes/intent',
    });
  rows.push({
    name: 'ClickHouse: on disk, merged',
    value: per(before.clickhouse, after.clickhouse),
    unit: 'bytes/intent',
  });
  return rows;
}
