/**
 * Figures of this package on a PostgreSQL of its own, fsync on: `node packages/postgres/test/measure.ts`.
 * Shared machines are noisy: every variant is measured in turn, several rounds; the medians of the rounds are printed.
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '@aegis/testkit/postgres';
import { createTestDatabase } from '@aegis/testkit/test-database';
import { ALL_ORGANIZATIONS, createDatabase, type Database } from '../src/database.ts';
import { createGroupCommit } from '../src/group-commit.ts';
import { appendOutbox } from '../src/outbox.ts';
import { startRelay } from '../src/relay.ts';
import type { Tx } from '../src/transaction.ts';
import { ACME, LEDGER, silent } from './ledger.ts';

const ROUNDS = 5;
const server = await startPostgres();
const home = await createTestDatabase({ server: server.url, migrations: [LEDGER] });
const database = createDatabase({ url: home.url, schema: 'ledger', log: silent, maxConnections: 32 });

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const VALUE = JSON.stringify({ padding: 'x'.repeat(350) });
const event = (number: number) => ({
  topic: 'aegis.intents',
  key: `agent-${number % 50}`,
  headers: { ce_id: `evt_${number}`, ce_type: 'intent.submitted', ce_source: '/aegis/gateway' },
  value: VALUE,
});
let lastId = 0;
const insertEntry = (tx: Tx) =>
  tx.query({ name: 'insert', text: 'INSERT INTO entries VALUES ($1, $2, 5)' }, [(lastId += 1), ACME]);

type Variants = Readonly<Record<string, () => Promise<number>>>;

async function compare(title: string, unit: string, variants: Variants): Promise<void> {
  const results = new Map(Object.keys(variants).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, measure] of Object.entries(variants)) {
      const result = await measure();
      if (round > 0) results.get(name)?.push(result);
    }
  }
  console.log(`\n${title}`);
  for (const [name, values] of results) {
    console.log(
      `  ${name.padEnd(52)} ${median(values)
        .toFixed(median(values) < 100 ? 2 : 0)
        .padStart(8)} ${unit}`,
    );
  }
}

/** Median milliseconds of `work`, one at a time. */
async function latency(work: () => Promise<unknown>, times = 200): Promise<number> {
  const took: number[] = [];
  for (let run = 0; run < times; run += 1) {
    const started = performance.now();
    await work();
    took.push(performance.now() - started);
  }
  return median(took);
}

/** Calls of `work` a second by so many clients, each waiting for its answer. */
async function rate(clients: number, times: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let run = 0; run < times; run += 1) await work();
    }),
  );
  return (clients * times * 1_000) / (performance.now() - started);
}

async function transactions(): Promise<void> {
  await compare('One transaction, one client', 'ms', {
    'floor: one INSERT in autocommit': async () => {
      const client = await database.connect({ 'aegis.organization': '*' });
      const result = await latency(() => client.query('INSERT INTO entries VALUES ($1, $2, 5)', [(lastId += 1), ACME]));
      await client.end();
      return result;
    },
    'tx with one INSERT': () => latency(() => database.tx({ organizationId: ACME }, insertEntry)),
    'tx with one INSERT and one outbox row': () =>
      latency(() =>
        database.tx({ organizationId: ACME }, (tx) => Promise.all([insertEntry(tx), appendOutbox(tx, [event(1)])])),
      ),
    'read of one row': () =>
      latency(() =>
        database.read({ organizationId: ACME }, (tx) =>
          tx.query({ name: 'read', text: 'SELECT * FROM entries WHERE organization_id = $1 AND id = $2' }, [ACME, 1]),
        ),
      ),
  });
}

async function notifications(): Promise<void> {
  const append = () => database.tx(ALL_ORGANIZATIONS, (tx) => appendOutbox(tx, [event(1)]));
  const notify = (tx: Pick<Tx, 'query'>) => tx.query("SELECT pg_notify('outbox_measure', '')");
  const listener = await database.connect();
  await listener.query('LISTEN outbox_measure');
  await compare('Appends by 16 clients, by how other replicas are told', 'tx/s', {
    'not at all (as here: the relay tells, when it stands by)': () => rate(16, 100, append),
    'NOTIFY in the transaction': () =>
      rate(16, 100, () =>
        database.tx(ALL_ORGANIZATIONS, (tx) => Promise.all([appendOutbox(tx, [event(1)]), notify(tx)])),
      ),
    'NOTIFY after each commit': () =>
      rate(16, 100, async () => {
        await append();
        await database.pool.query("SELECT pg_notify('outbox_measure', '')");
      }),
  });
  await listener.end();
}

async function groupCommit(): Promise<void> {
  const write = (count: number) =>
    database.tx(ALL_ORGANIZATIONS, async (tx) => {
      const ids = Array.from({ length: count }, () => (lastId += 1));
      await Promise.all([
        tx.query({ name: 'insert-many', text: 'INSERT INTO entries SELECT unnest($1::bigint[]), $2, 5' }, [ids, ACME]),
        appendOutbox(tx, ids.map(event)),
      ]);
    });
  const variants: Record<string, () => Promise<number>> = {};
  for (const clients of [1, 32, 256]) {
    variants[`${clients} clients, a transaction each`] = () => rate(clients, 3_200 / clients, () => write(1));
    for (const concurrency of [1, 2, 4]) {
      const group = createGroupCommit<null, unknown>({
        concurrency,
        flush: async (items) => {
          await write(items.length);
          return items;
        },
      });
      variants[`${clients} clients, group commit, ${concurrency} in flight`] = () =>
        rate(clients, Math.max(100, 3_200 / clients), () => group.submit(null));
    }
  }
  await compare('Entry and outbox row stored', 'rows/s', variants);
}

/** Runs `measure` beside a relay; `published` resolves when so many events more have gone out. */
async function withRelay(measure: (published: (count: number) => Promise<void>) => Promise<number>): Promise<number> {
  let total = 0;
  let reached: () => void = () => undefined;
  let target = Number.POSITIVE_INFINITY;
  const publish = async (messages: readonly unknown[]) => {
    total += messages.length;
    if (total >= target) reached();
  };
  const running = startRelay({ database, bus: { publish }, log: silent });
  while (!running.health().leading || running.health().lag > 0) await sleep(10);
  const result = await measure(
    (count) =>
      new Promise((resolve) => {
        target = total + count;
        reached = resolve;
      }),
  );
  await running.stop();
  return result;
}

async function fill(target: Database, rows: number): Promise<void> {
  for (let first = 0; first < rows; first += 1_000) {
    const batch = Array.from({ length: 1_000 }, (_, index) => event(first + index));
    await target.tx(ALL_ORGANIZATIONS, (tx) => appendOutbox(tx, batch));
  }
}

async function relaying(): Promise<void> {
  const clear = () => database.tx(ALL_ORGANIZATIONS, (tx) => tx.query('DELETE FROM outbox'));
  const idle = () =>
    withRelay(async (published) => {
      const took: number[] = [];
      for (let run = 0; run < 200; run += 1) {
        const started = performance.now();
        const out = published(1);
        await database.tx(ALL_ORGANIZATIONS, (tx) => appendOutbox(tx, [event(1)]));
        await out;
        took.push(performance.now() - started);
        await sleep(2);
      }
      return median(took);
    });
  await clear();
  await compare('Relay, one event at a time: BEGIN → handed to the bus', 'ms', { 'append → published': idle });
  await compare('Relay, 50,000 events of 500 B', 'rows/s', {
    'published from a full outbox': async () => {
      await fill(database, 50_000);
      const started = performance.now();
      let total = 0;
      const done = Promise.withResolvers<void>();
      const publish = async (messages: readonly unknown[]) => {
        if ((total += messages.length) >= 50_000) done.resolve();
      };
      const running = startRelay({ database, bus: { publish }, log: silent });
      await done.promise;
      const took = performance.now() - started;
      await running.stop();
      return (50_000 * 1_000) / took;
    },
    'appended and published at once': () =>
      withRelay(async (published) => {
        const started = performance.now();
        const out = published(50_000);
        await fill(database, 50_000);
        await out;
        return (50_000 * 1_000) / (performance.now() - started);
      }),
  });
  const old = await database.connect({ idle_in_transaction_session_timeout: 0 });
  await old.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM outbox LIMIT 1');
  await withRelay(async (published) => {
    const out = published(200_000);
    await fill(database, 200_000);
    await out;
    return 0;
  });
  await compare('The same beside a snapshot that keeps 200,000 dead rows', 'ms', { 'append → published': idle });
  await old.query('ROLLBACK');
  await old.end();
}

console.log(
  `load average ${loadavg()
    .map((load) => load.toFixed(2))
    .join(' ')}; medians of ${ROUNDS} rounds`,
);
await transactions();
await notifications();
await groupCommit();
await relaying();
console.log(
  `\nload average ${loadavg()
    .map((load) => load.toFixed(2))
    .join(' ')}`,
);
await database.close();
await home.drop();
await server.stop();
