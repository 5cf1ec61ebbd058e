/**
 * Prints how long deciding takes: `node services/policy/test/measure.ts`. Durable PostgreSQL of its own, 20 policies,
 * batches as the consumer hands them over, from the bytes of the events to the commit. Nobody consumes the outbox.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { createDatabase } from '@aegis/postgres/database';
import { migrate } from '@aegis/postgres/migrate';
import { createLogger } from '@aegis/runtime/log';
import { startPostgres } from '@aegis/testkit/postgres';
import { policyMigrations } from '../src/migrations.ts';
import { createOrganization, createReplica } from './policy-database.ts';
import { rupees } from './samples.ts';

/** Linux counts a process' time in hundredths of a second (proc_pid_stat(5), fields 14 and 15). */
const TICK_MS = 10;

const ROUNDS = 40;
const WARM_UP = 10;

const log = createLogger({ name: 'measure', level: 'warn' });
const server = await startPostgres();
const { url } = server;
await migrate({ ...policyMigrations, url });
const database = createDatabase({ ...policyMigrations, url, log, maxConnections: 1 });
const { rows } = await database.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
const backend = rows[0]?.pid ?? 0;
const organization = await createOrganization(database);
for (let index = 0; index < 20; index += 1) {
  await organization.policy({
    name: `Policy ${index}`,
    priority: index,
    rules: {
      match: 'all',
      conditions: [
        { field: 'amount', operator: 'gte', value: 1_000_000 + index },
        { field: 'merchant_category', operator: 'in', value: ['travel', `category ${index}`] },
      ],
    },
  });
}
const agents: string[] = [];
for (let index = 0; index < 1_000; index += 1) {
  agents.push(await organization.agent({ id: randomUUID(), dailyLimit: '1000000000', monthlyLimit: '10000000000' }));
}
const replica = createReplica(database);

console.log(`load average ${loadavg()[0]?.toFixed(2)}`);
for (const spread of [1_000, 1]) {
  for (const size of [1, 100, 500]) {
    const times: number[] = [];
    let nodeMs = 0;
    let serverMs = 0;
    for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
      const batch = Array.from({ length: size }, () => {
        const agentId = agents[Math.floor(Math.random() * spread)] ?? '';
        return organization.submitted(agentId, { money: rupees(Math.ceil(Math.random() * 10_000)) });
      });
      const started = performance.now();
      const before = { node: process.cpuUsage(), server: serverCpuMs() };
      await replica.handle(...batch);
      if (round < WARM_UP) continue;
      times.push(performance.now() - started);
      const { user, system } = process.cpuUsage(before.node);
      nodeMs += (user + system) / 1_000;
      serverMs += serverCpuMs() - before.server;
    }
    const sorted = times.toSorted((a, b) => a - b);
    const median = sorted[ROUNDS >> 1] ?? 0;
    const p95 = sorted[Math.floor(ROUNDS * 0.95)] ?? 0;
    const rate = Math.round((size / median) * 1_000);
    const cpu = `   CPU a batch: ${(nodeMs / ROUNDS).toFixed(2)} ms here, ${(serverMs / ROUNDS).toFixed(2)} ms in PostgreSQL`;
    const name = `${spread} agent${spread > 1 ? 's' : ''}, batch ${size}`.padEnd(26);
    console.log(`${name} median ${median.toFixed(2)} ms   p95 ${p95.toFixed(2)} ms   ${rate} intents/s${cpu}`);
  }
}
await database.close();
await server.stop();

/** Time the connection's server process has computed so far. */
function serverCpuMs(): number {
  const fields = readFileSync(`/proc/${backend}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
