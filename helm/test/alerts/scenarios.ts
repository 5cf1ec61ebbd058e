import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaBus } from '@aegis/bus/kafka';
import { TOPICS } from '@aegis/contracts/topics';
import type { DemoFacts } from '@aegis/standalone/demo';
import pg from 'pg';
import type { Store } from '../../../deploy/test/stores.ts';
import type { SeparateSystem } from '../../../deploy/test/system.ts';

/** A fault that is put into a working system, and the alerts that must tell of it. */
export interface Scenario {
  readonly what: string;
  readonly alerts: readonly string[];
  /** Causes it; resolves to what ends it again. */
  cause(system: SeparateSystem): Promise<() => Promise<void>>;
  /** Its window is longer than anybody wants to wait for it to be over. */
  readonly lingers?: boolean;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    what: 'analytics is killed and not started again',
    alerts: ['AegisServiceDown'],
    async cause({ services }) {
      const [replica] = services.of('analytics');
      if (!replica) throw new Error('analytics does not run');
      await services.kill(replica);
      return () => services.revive(replica);
    },
  },
  {
    what: 'ClickHouse is killed',
    alerts: ['AegisNotReady'],
    async cause({ stores }) {
      const clickhouse = storeOf(stores.all, 'clickhouse');
      await clickhouse.kill();
      return () => clickhouse.start();
    },
  },
  {
    what: 'approval is killed and started again, over and over',
    alerts: ['AegisRestarting'],
    cause: ({ services }) => {
      const [replica] = services.of('approval');
      if (!replica) throw new Error('approval does not run');
      return repeated(async () => {
        await services.kill(replica);
        await services.revive(replica);
        // A process that Prometheus never saw did not start for it.
        await sleep(1_200);
      });
    },
  },
  {
    what: 'somebody locks the table of decisions for two seconds at a time',
    alerts: ['AegisDecisionsSlow'],
    cause: ({ stores }) =>
      repeated(async () => {
        const release = await lock(stores.env.DATABASE_URL, 'policy.decisions');
        await sleep(2_000);
        await release();
        await sleep(200);
      }),
  },
  {
    what: 'approval gets no processor for 700 ms at a time',
    alerts: ['AegisEventLoopLate'],
    cause: ({ services }) => {
      const pid = services.of('approval')[0]?.launched.pid ?? 0;
      return repeated(async () => {
        process.kill(pid, 'SIGSTOP');
        await sleep(700);
        process.kill(pid, 'SIGCONT');
        await sleep(250);
      });
    },
  },
  {
    what: 'Kafka is killed',
    alerts: ['AegisOutboxWaiting'],
    async cause({ stores }) {
      const kafka = storeOf(stores.all, 'kafka');
      await kafka.kill();
      return () => kafka.start();
    },
  },
  {
    what: 'an export of a schedule fails, and has failed for five hours',
    alerts: ['AegisExportsOverdue'],
    async cause({ stores, facts }) {
      await runSql(stores.env.DATABASE_URL, OVERDUE, [facts.organizationId]);
      return () => runSql(stores.env.DATABASE_URL, EXPORTED, [facts.organizationId]);
    },
  },
  {
    what: 'an event that nobody can read is published',
    alerts: ['AegisDeadLetters'],
    async cause({ stores, facts }) {
      await publishRubbish(stores.env.KAFKA_BROKERS, facts);
      return () => Promise.resolve();
    },
  },
  {
    what: 'the table of decisions is locked while 15,000 intents are submitted',
    alerts: ['AegisConsumerBehind', 'AegisConsumerStuck', 'AegisIntentsUndecided'],
    async cause({ stores, facts }) {
      const release = await lock(stores.env.DATABASE_URL, 'policy.decisions');
      await submit(facts, 15_000);
      return release;
    },
  },
  {
    what: 'the heads of the audit logs are locked',
    alerts: ['AegisAuditSilent'],
    cause: ({ stores }) => lock(stores.env.DATABASE_URL, 'audit.chain_heads'),
  },
  {
    what: 'people ask analytics, which is gone',
    alerts: ['AegisErrorBudgetBurnsFast', 'AegisErrorBudgetBurns'],
    lingers: true,
    async cause({ services, facts }) {
      const [replica] = services.of('analytics');
      if (!replica) throw new Error('analytics does not run');
      await services.kill(replica);
      const token = await logIn(facts);
      const stop = await repeated(async () => {
        await request(facts, token, 'GET', '/v1/analytics/spend');
        await sleep(20);
      });
      return async () => {
        await stop();
        await services.revive(replica);
      };
    },
  },
];

/** As a schedule and its run stand in the tables after five hours of failing; the next attempt is not today. */
const OVERDUE = `
  WITH schedule AS (
    INSERT INTO audit.export_schedules (organization_id, schedule_id, name, format, standard, part, differences, cadence,
      time_zone, status, next_from, due_at, created_by)
    VALUES ($1, 'overdue', 'Daily', 'csv', 'generic', 'records', 'report', 'daily', 'UTC', 'active', '2099-01-01',
      '2099-01-02', '{}')
    RETURNING organization_id, schedule_id)
  INSERT INTO audit.export_runs (organization_id, schedule_id, period_from, period_to, from_at, to_at, status, attempts,
    next_attempt_at, error)
  SELECT organization_id, schedule_id, '2026-01-01', '2026-01-02', now() - interval '29 hours', now() - interval '5 hours',
    'failed', 9, now() + interval '1 day', 'the place of the files is full'
  FROM schedule`;
const EXPORTED = `
  UPDATE audit.export_runs SET status = 'completed', completed_at = now() WHERE organization_id = $1`;

/** What agents do all the time; without it there is nothing to be late with. */
export async function everydayTraffic(facts: DemoFacts): Promise<() => Promise<void>> {
  return repeated(async () => {
    await submit(facts, 1);
    await sleep(50);
  });
}

function storeOf(stores: readonly Store[], name: Store['name']): Store {
  const store = stores.find((each) => each.name === name);
  if (!store) throw new Error(`${name} is not ours to kill: unset KAFKA_BROKERS`);
  return store;
}

/** Does it again and again, until it is told to stop. */
async function repeated(work: () => Promise<void>): Promise<() => Promise<void>> {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) await work();
  })();
  return async () => {
    stopped = true;
    await loop;
  };
}

/** Nobody else writes to the table until it is released; reading goes on. */
async function lock(databaseUrl: string, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'somebody else' });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN EXCLUSIVE MODE`);
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

async function runSql(databaseUrl: string, sql: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c aegis.organization=*' });
  await client.connect();
  try {
    await client.query(sql, values);
  } finally {
    await client.end();
  }
}

async function submit(facts: DemoFacts, count: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const body = { agentId: facts.agentId, amount: 1, currency: 'GBP', reason: 'everyday' };
      await request(facts, facts.agentKey, 'POST', '/v1/intents', body);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, 32) }, worker));
}

/** Whatever the answer is: that some are refused is what the drill is about. */
async function request(facts: DemoFacts, token: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(path, facts.baseUrl), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  }).catch(() => null);
  return response?.json().catch(() => null);
}

async function logIn(facts: DemoFacts): Promise<string> {
  const credentials = { email: facts.adminEmail, password: facts.adminPassword };
  return ((await request(facts, '', 'POST', '/v1/auth/token', credentials)) as { accessToken: string }).accessToken;
}

async function publishRubbish(brokers: string, { organizationId, agentId }: DemoFacts): Promise<void> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const bus = createKafkaBus({ brokers: brokers.split(','), clientId: 'somebody-else', log });
  const headers = {
    ce_specversion: '1.0',
    ce_id: `evt_${randomUUID()}`,
    ce_source: '/elsewhere',
    ce_type: 'intent.submitted',
    ce_time: new Date().toISOString(),
    ce_subject: agentId,
    ce_org: organizationId,
    ce_actor: '{"type":"service","id":"elsewhere","role":null,"authMethod":"internal"}',
  };
  await bus.publish([{ topic: TOPICS.intents, key: agentId, headers, value: '{"nothing": "of use"}' }]);
  await bus.close();
}
