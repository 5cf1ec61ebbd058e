/**
 * Prints what recording, checking and exporting cost: `node services/audit/test/measure.ts`. Durable PostgreSQL of its
 * own; from the bytes of the events to the commit; half of the entries `intent.submitted`, half `intent.decided`. CPU is
 * told beside the rate, because the rate depends on who else uses the machine. Variables: ENTRIES (default 40,000),
 * and SQL, which is run after the migrations, to try another index.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { newId } from '@aegis/contracts/ids';
import { ALL_ORGANIZATIONS, createDatabase } from '@aegis/postgres/database';
import { migrate } from '@aegis/postgres/migrate';
import { createLogger } from '@aegis/runtime/log';
import { startPostgres } from '@aegis/testkit/postgres';
import pg from 'pg';
import { prepareEntry } from '../src/domain/entry.ts';
import { readLogEvent } from '../src/inbound/log-event.ts';
import { auditMigrations } from '../src/migrations.ts';
import { createSaltPool } from '../src/salt-pool.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { exportLog } from '../src/usecases/export/export-log.ts';
import { verifyChain } from '../src/usecases/verify-chain.ts';
import { decided, delivered, submitted } from './events.ts';
import { exportDependencies, wholeLog } from './export-dependencies.ts';

/** Linux counts a process' time in hundredths of a second (proc_pid_stat(5), fields 14 and 15). */
const TICK_US = 10_000;
const ENTRIES = Number(process.env.ENTRIES ?? 40_000);
const WARM_UP = 8;

const log = createLogger({ name: 'measure', level: 'warn' });
const nextSalt = createSaltPool();
const server = await startPostgres();
const { url } = server;
await migrate({ ...auditMigrations, url });
const operator = new pg.Client({ connectionString: url, options: '-c search_path=audit' });
await operator.connect();
if (process.env.SQL) await operator.query(process.env.SQL);
const database = createDatabase({ ...auditMigrations, url, log, maxConnections: 1 });
const { rows } = await database.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');

function serverUs(): number {
  const fields = readFileSync(`/proc/${rows[0]?.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

async function walBytes(): Promise<number> {
  const result = await operator.query<{ bytes: string }>(`SELECT pg_current_wal_lsn() - '0/0' AS bytes`);
  return Number(result.rows[0]?.bytes);
}

function batchOf(organizations: readonly string[], size: number) {
  return Array.from({ length: size / 2 }, (_, index) => {
    const intent = { organizationId: organizations[index % organizations.length] ?? '', intentId: newId('int') };
    return [delivered(submitted(intent)), delivered(decided(intent))];
  }).flat();
}

/** Appends in batches of `size` and returns the organisations. */
async function measureAppend(organizationCount: number, size: number): Promise<string[]> {
  const organizations = Array.from({ length: organizationCount }, () => randomUUID());
  let timeMs = 0;
  let nodeUs = 0;
  let postgresUs = 0;
  let wal = 0;
  for (let round = -WARM_UP; round < ENTRIES / size; round += 1) {
    const batch = batchOf(organizations, size);
    const [cpu, serverCpu, walAt, started] = [process.cpuUsage(), serverUs(), await walBytes(), performance.now()];
    const entries = batch.map((delivery) => prepareEntry(readLogEvent(delivery, new Date()), nextSalt));
    await appendEntries(database, ALL_ORGANIZATIONS, entries);
    if (round < 0) continue;
    timeMs += performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    nodeUs += user + system;
    postgresUs += serverUs() - serverCpu;
    wal += (await walBytes()) - walAt;
  }
  const perEntry = (sum: number) => (sum / ENTRIES).toFixed(1);
  console.log(
    `append, batches of ${size} over ${organizationCount} organisations: ${Math.round((ENTRIES / timeMs) * 1000)}/s; ` +
      `an entry: node ${perEntry(nodeUs)} µs, postgres ${perEntry(postgresUs)} µs, WAL ${perEntry(wal)} bytes`,
  );
  return organizations;
}

async function measureReading(name: string, entries: number, read: () => AsyncIterable<unknown>): Promise<void> {
  const [cpu, serverCpu, started] = [process.cpuUsage(), serverUs(), performance.now()];
  for await (const _ of read());
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${name}: ${Math.round((entries / (performance.now() - started)) * 1000)}/s; ` +
      `an entry: node ${((user + system) / entries).toFixed(1)} µs, postgres ${((serverUs() - serverCpu) / entries).toFixed(1)} µs`,
  );
}

console.log(`load average ${loadavg()[0]?.toFixed(2)}`);
for (const size of [100, 1_000]) await measureAppend(100, size);
const [organizationId = ''] = await measureAppend(1, 1_000);
const signal = new AbortController().signal;
const exporting = exportDependencies(database);
const size = ENTRIES + WARM_UP * 1_000;
for (let round = 0; round < 2; round += 1) {
  await measureReading('verify', size, () => verifyChain({ database, place: null }, organizationId, signal));
  for (const format of ['csv', 'json'] as const) {
    const command = wholeLog(organizationId, { format });
    await measureReading(`export ${format}`, size, () => exportLog(exporting, command, signal));
  }
}
console.log(`load average ${loadavg()[0]?.toFixed(2)}`);
await operator.end();
await database.close();
await server.stop();
