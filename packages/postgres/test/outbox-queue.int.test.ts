import { setImmediate as turn } from 'node:timers/promises';
import { eventually } from '@aegis/testkit/eventually';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_ORGANIZATIONS } from '../src/database.ts';
import { appendOutbox } from '../src/outbox.ts';
import { OutboxFloor } from '../src/outbox-floor.ts';
import { OutboxQueue, QUEUE_SESSION } from '../src/outbox-queue.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { message } from './recording-bus.ts';

/** Runs of the property; more of them for a longer attack. */
const ROUNDS = Number(process.env.AEGIS_TEST_ROUNDS ?? 60);

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger[Symbol.asyncDispose]());

class RolledBack extends Error {}

/** A transaction of a plan: it begins and ends at some turns of the reader, and commits or rolls back. */
const transaction = fc.record({
  rows: fc.integer({ min: 1, max: 3 }),
  begins: fc.nat(15),
  stays: fc.nat(15),
  commits: fc.boolean(),
});

test('whatever the order of commits, every committed row is read once and the floor rises', async () => {
  const client = await ledger.database.connect(QUEUE_SESSION);
  const database = ledger.replica({ maxConnections: 20 });
  let raisedBesideOpenOnes = 0;
  const plan = fc.array(transaction, { minLength: 1, maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(plan, fc.integer({ min: 1, max: 5 }), async (transactions, limit) => {
      const floor = new OutboxFloor(0);
      const queue = new OutboxQueue(client, floor);
      const read: string[] = [];
      const reader = { turns: 0 };
      let lastFloor = 0n;
      const reach = async (target: number) => {
        while (reader.turns < target) await turn();
      };
      const writers = transactions.map(async ({ rows, begins, stays, commits }, index) => {
        await reach(begins);
        const write = database.tx(ALL_ORGANIZATIONS, async (tx) => {
          for (let row = 0; row < rows; row += 1) await appendOutbox(tx, [message(`${index}`, row)]);
          await reach(reader.turns + stays);
          if (!commits) throw new RolledBack();
        });
        if (commits) await write;
        else await expect(write).rejects.toBeInstanceOf(RolledBack);
      });
      let writing = true;
      const written = Promise.all(writers).then(() => (writing = false));
      for (let published: bigint[] = []; ; reader.turns += 1) {
        const last = !writing;
        const entries = await queue.next(published, limit);
        if (last && entries.length === 0) break;
        published = entries.map((entry) => entry.id);
        read.push(...entries.map((entry) => entry.message.headers['ce_id'] ?? ''));
        if (writing && floor.get() > lastFloor) raisedBesideOpenOnes += 1;
        lastFloor = floor.get();
        await queue.tidy();
      }
      await written;
      const committed = transactions.flatMap(({ rows, commits }, index) =>
        commits ? Array.from({ length: rows }, (_, row) => `${index}#${row}`) : [],
      );
      expect(read.toSorted()).toEqual(committed.toSorted());
    }),
    { numRuns: ROUNDS, endOnFailure: true },
  );
  expect(raisedBesideOpenOnes).toBeGreaterThan(20);
  await client.end();
});

test('a transaction has its id before its first row has one', async () => {
  const blocker = new pg.Client(ledger.url);
  await blocker.connect();
  // Whoever asks the sequence for an id now waits for this transaction.
  await blocker.query('BEGIN; ALTER SEQUENCE ledger.outbox_id_seq CACHE 1');
  const appending = ledger.database.tx(ALL_ORGANIZATIONS, (tx) => appendOutbox(tx, [message('key', 0)]));
  const waiter = await eventually(async () => {
    const found = await ledger.admin(
      `SELECT backend_xid::text AS xid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO outbox%'`,
    );
    expect(found.rows).toHaveLength(1);
    return found.rows[0];
  });
  await blocker.query('ROLLBACK');
  await appending;
  await blocker.end();
  expect(waiter.xid).toMatch(/^\d+$/);
});

test('reads stay short beside a snapshot that keeps every dead row', async () => {
  const client = await ledger.database.connect(QUEUE_SESSION);
  const old = await ledger.database.connect();
  await old.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM outbox');
  const floor = new OutboxFloor(0);
  const queue = new OutboxQueue(client, floor);
  const batch = Array.from({ length: 100 }, (_, number) => message('key', number));
  let published: bigint[] = [];
  for (let round = 0; round < 20; round += 1) {
    await ledger.database.tx(ALL_ORGANIZATIONS, (tx) => appendOutbox(tx, batch));
    published = (await queue.next(published, 1_000)).map((entry) => entry.id);
    expect(published.length).toBeGreaterThanOrEqual(100);
    await queue.tidy();
  }
  const head = published.at(-1) ?? 0n;
  expect(head).toBeGreaterThan(2_000n);
  // Transactions with an id hold it up, those of other databases too; the old snapshot must not.
  await eventually(async () => {
    await queue.next(published, 1_000);
    await queue.tidy();
    return floor.get() >= head;
  });
  await old.query('ROLLBACK');
  await Promise.all([old.end(), client.end()]);
});
