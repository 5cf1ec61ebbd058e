import { eventually } from '@aegis/testkit/eventually';
import { startTcpProxy } from '@aegis/testkit/tcp-proxy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ALL_ORGANIZATIONS, type Database } from '../src/database.ts';
import { appendOutbox } from '../src/outbox.ts';
import { type Relay, type RelayOptions, startRelay } from '../src/relay.ts';
import { ACME, type Ledger, openLedger, silent } from './ledger.ts';
import { message, RecordingBus } from './recording-bus.ts';

/** Rounds of the late commit; more of them for a longer attack. */
const ROUNDS = Number(process.env.AEGIS_TEST_ROUNDS ?? 200);

let ledger: Ledger;
let bus: RecordingBus;
let relays: Relay[];

beforeEach(async () => {
  ledger = await openLedger();
  bus = new RecordingBus();
  relays = [];
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await ledger[Symbol.asyncDispose]();
});

function start(database: Database, options: Partial<RelayOptions> = {}): Relay {
  const relay = startRelay({ database, bus, log: silent, ...options });
  relays.push(relay);
  return relay;
}

const append = (key: string, ...numbers: number[]) =>
  ledger.database.tx(ALL_ORGANIZATIONS, (tx) =>
    appendOutbox(
      tx,
      numbers.map((number) => message(key, number)),
    ),
  );
const waiting = async () => (await ledger.admin('SELECT FROM ledger.outbox')).rowCount;
const countTo = (n: number) => Array.from({ length: n }, (_, index) => index);

describe('nothing is skipped', () => {
  test(`an event committed after a later one has been published still goes out (${ROUNDS} times)`, async () => {
    const relay = start(ledger.database);
    await eventually(() => relay.health().leading);
    for (const round of countTo(ROUNDS)) {
      const late = Promise.withResolvers<void>();
      const appended = Promise.withResolvers<void>();
      const open = ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
        await appendOutbox(tx, [message('late', round)]);
        appended.resolve();
        await late.promise;
      });
      await appended.promise;
      await append('early', round);
      await eventually(() => bus.published.includes(`early#${round}`), { intervalMs: 1 });
      expect(bus.published).not.toContain(`late#${round}`);
      late.resolve();
      await open;
      await eventually(() => bus.published.includes(`late#${round}`), { intervalMs: 1 });
    }
    expect(bus.published).toHaveLength(2 * ROUNDS);
    expect(bus.numbers('late')).toEqual(countTo(ROUNDS));
    expect(bus.numbers('early')).toEqual(countTo(ROUNDS));
    await eventually(async () => (await waiting()) === 0);
  });

  test('writers that hold their key in turn, some rolling back: every key complete and in order', async () => {
    const keys = ['a', 'b', 'c', 'd'];
    await ledger.admin(
      `INSERT INTO ledger.entries SELECT n, '${ACME}', 0 FROM generate_series(0, ${keys.length - 1}) n`,
    );
    start(ledger.database, { maxBatch: 7 });
    const writer = async () => {
      for (const step of countTo(60)) {
        const key = step % keys.length;
        const write = ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
          const { rows } = await tx.query<{ amount_minor: bigint }>(
            'UPDATE entries SET amount_minor = amount_minor + 1 WHERE id = $1 RETURNING amount_minor',
            [key],
          );
          await appendOutbox(tx, [message(keys[key] ?? '', Number(rows[0]?.amount_minor) - 1)]);
          if (step % 5 === 4) throw new Error('rolled back');
        });
        await write.catch(() => undefined);
      }
    };
    await Promise.all([writer(), writer(), writer(), writer()]);
    await eventually(async () => (await waiting()) === 0);
    expect(bus.published).toHaveLength(4 * 48);
    for (const key of keys) expect(bus.numbers(key)).toEqual(countTo(48));
  });
});

describe('several replicas', () => {
  const leader = (all: readonly Relay[]) => all.filter((relay) => relay.health().leading);

  test('one publishes; when its connection is killed the other takes over and nothing is lost or reordered', async () => {
    const both = [start(ledger.database), start(ledger.replica())];
    let takeovers = 0;
    let written = 0;
    for (let round = 0; round < 6; round += 1) {
      await eventually(() => leader(both).length === 1);
      const [before] = leader(both);
      await append('key', ...countTo(100).map((n) => written + n));
      written += 100;
      const killed = await ledger.admin(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      expect(killed.rowCount).toBe(1);
      await append('key', written);
      written += 1;
      await eventually(() => bus.distinct.length === written);
      if (leader(both)[0] !== before) takeovers += 1;
    }
    expect(takeovers).toBeGreaterThan(0);
    expect(bus.numbers('key')).toEqual(countTo(written));
    await eventually(async () => (await waiting()) === 0);
  });

  test('one that is stopped hands over at once', async () => {
    const first = start(ledger.database);
    await eventually(() => first.health().leading);
    const second = start(ledger.replica());
    await eventually(() => second.health().ready);
    expect(second.health().leading).toBe(false);
    await first.stop();
    await eventually(() => second.health().leading, { timeoutMs: 1_000 });
  });

  test('a commit on a replica that stands by wakes the one that publishes, well before its sweep', async () => {
    const far = start(ledger.replica(), { sweepMs: 60_000 });
    await eventually(() => far.health().leading);
    const near = start(ledger.database);
    await eventually(() => near.health().ready);
    await append('key', 0);
    await eventually(() => bus.published.length === 1, { timeoutMs: 2_000 });
    expect(near.health().leading).toBe(false);
  });

  test('the sweep finds what nobody announced', async () => {
    const relay = start(ledger.replica(), { sweepMs: 50 });
    await eventually(() => relay.health().leading);
    await append('key', 0);
    await eventually(() => bus.published.length === 1);
  });
});

describe('a bus that refuses', () => {
  test('is tried again until it accepts; half-published batches keep their order, and readiness tells', async () => {
    let calls = 0;
    const failing = ({ length }: { length: number }) => ((calls += 1) <= 6 ? Math.floor(length / 2) : undefined);
    bus.fail = failing;
    const relay = start(ledger.database);
    await append('key', ...countTo(100));
    await eventually(() => !relay.health().ready && relay.health().lag === 100);
    expect(relay.health().lastError).toMatch(/were published/);
    expect(relay.health().oldestAgeMs).toBeGreaterThan(0);
    await eventually(() => relay.health().published === 100);
    expect(calls).toBeGreaterThan(6);
    expect(bus.numbers('key')).toEqual(countTo(100));
    await eventually(() => relay.health().ready && relay.health().lag === 0);
    await eventually(async () => (await waiting()) === 0);
  });

  test('one message it will not take holds up no earlier one, and is not dropped', async () => {
    bus.fail = (messages) => (messages.some(({ headers }) => headers['ce_id'] === 'key#60') ? 0 : undefined);
    const relay = start(ledger.database);
    await append('key', ...countTo(100));
    await eventually(() => bus.published.length === 60);
    await eventually(() => !relay.health().ready);
    expect(await waiting()).toBe(40);
    bus.fail = () => undefined;
    await eventually(() => bus.published.length === 100);
    expect(bus.numbers('key')).toEqual(countTo(100));
  });

  test('does not keep the relay from stopping, and what waits is published by the next', async () => {
    bus.fail = () => 0;
    const relay = start(ledger.database);
    await append('key', 0);
    await eventually(() => !relay.health().ready && relay.health().lag === 1);
    await relay.stop();
    bus.fail = () => undefined;
    start(ledger.database);
    await eventually(() => bus.published.length === 1);
  });
});

test('a relay that starts before its database is reachable waits for it', async () => {
  const proxy = await startTcpProxy(ledger.url);
  proxy.judge(() => 'cut');
  const relay = start(ledger.replica({ url: proxy.via(ledger.url) }));
  await eventually(() => relay.health().lastError !== null);
  expect(relay.health().ready).toBe(false);
  proxy.judge(() => 'forward');
  await append('key', 0);
  await eventually(() => bus.published.length === 1);
  expect(relay.health().ready).toBe(true);
  await relay.stop();
  await proxy.stop();
});
