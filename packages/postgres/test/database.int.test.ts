import { eventually } from '@aegis/testkit/eventually';
import { startTcpProxy } from '@aegis/testkit/tcp-proxy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchBatches } from '../src/cursor.ts';
import { ALL_ORGANIZATIONS, type Database } from '../src/database.ts';
import { CommitUnknownError, isPermanent, isTransient, UnavailableError } from '../src/errors.ts';
import type { Tx } from '../src/transaction.ts';
import { ACME, type Ledger, openLedger } from './ledger.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger[Symbol.asyncDispose]());

let lastId = 0n;
const nextId = () => (lastId += 1n);
const insert = (tx: Tx, id: bigint, amountMinor = 5n) =>
  tx.query('INSERT INTO entries VALUES ($1, $2, $3)', [id, ACME, amountMinor]);
const stored = async (id: bigint) => {
  const found = await ledger.database.read(ALL_ORGANIZATIONS, (tx) =>
    tx.query('SELECT FROM entries WHERE id = $1', [id]),
  );
  return found.rowCount === 1;
};
const backendPid = async (tx: Tx) => {
  const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid;
};
const terminate = (pid: number | undefined) => ledger.admin('SELECT pg_terminate_backend($1)', [pid]);

describe('transactions', () => {
  test('an error rolls back and leaves the connection usable', async () => {
    const one = ledger.replica({ maxConnections: 1 });
    const id = nextId();
    const failing = one.tx(ALL_ORGANIZATIONS, async (tx) => {
      await insert(tx, id);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await stored(id)).toBe(false);
    expect(one.pool.totalCount).toBe(1);
  });

  test('a failed statement whose error was swallowed cannot pass for a commit', async () => {
    const id = nextId();
    const swallowing = ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
      await insert(tx, id);
      await insert(tx, id).catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('rolled back');
    expect(await stored(id)).toBe(false);
  });

  test('statements given without waiting run in order', async () => {
    const results = await ledger.database.tx(ALL_ORGANIZATIONS, (tx) =>
      Promise.all(Array.from({ length: 50 }, (_, index) => tx.query('SELECT $1::int AS n', [index]))),
    );
    expect(results.map((result) => result.rows[0]?.n)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  test('a statement after the end is refused, so that it cannot land in the next transaction', async () => {
    const escaped = await ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => ({ tx }));
    await expect(escaped.tx.query('SELECT 1')).rejects.toThrow('the transaction is over');
  });

  test('two transactions that deadlock both succeed in the end', async () => {
    const [a, b] = [nextId(), nextId()];
    await ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
      await insert(tx, a);
      await insert(tx, b);
    });
    const meeting = barrier(2);
    let runs = 0;
    const cross = (first: bigint, second: bigint) =>
      ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
        runs += 1;
        await tx.query('UPDATE entries SET amount_minor = amount_minor + 1 WHERE id = $1', [first]);
        await meeting();
        await tx.query('UPDATE entries SET amount_minor = amount_minor + 1 WHERE id = $1', [second]);
      });
    await Promise.all([cross(a, b), cross(b, a)]);
    expect(runs).toBeGreaterThan(2);
    const amounts = await ledger.database.read(ALL_ORGANIZATIONS, (tx) =>
      tx.query('SELECT amount_minor FROM entries WHERE id = ANY($1)', [[a, b]]),
    );
    expect(amounts.rows).toEqual([{ amount_minor: 7n }, { amount_minor: 7n }]);
  });

  test('a conflict that does not end is passed on after three attempts', async () => {
    let attempts = 0;
    const conflicting = ledger.database.tx(ALL_ORGANIZATIONS, (tx) => {
      attempts += 1;
      return tx.query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
    });
    await expect(conflicting).rejects.toMatchObject({ code: '40001' });
    expect(attempts).toBe(3);
  });

  test('a read cannot write, and sees one state', async () => {
    await expect(ledger.database.read(ALL_ORGANIZATIONS, (tx) => insert(tx, nextId()))).rejects.toMatchObject({
      code: '25006',
    });
    const id = nextId();
    const seen = await ledger.database.read(ALL_ORGANIZATIONS, async (tx) => {
      const before = await tx.query('SELECT FROM entries WHERE id = $1', [id]);
      await ledger.database.tx(ALL_ORGANIZATIONS, (other) => insert(other, id));
      const after = await tx.query('SELECT FROM entries WHERE id = $1', [id]);
      return [before.rowCount, after.rowCount];
    });
    expect(seen).toEqual([0, 0]);
    expect(await stored(id)).toBe(true);
  });

  test('a statement that runs too long, or waits too long for a lock, is ended and may be tried again', async () => {
    const hasty = ledger.replica({ statementTimeoutMs: 100, lockTimeoutMs: 50 });
    const slow = hasty.tx(ALL_ORGANIZATIONS, (tx) => tx.query('SELECT pg_sleep(5)'));
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    const id = nextId();
    await ledger.database.tx(ALL_ORGANIZATIONS, (tx) => insert(tx, id));
    await ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
      await tx.query('SELECT FROM entries WHERE id = $1 FOR UPDATE', [id]);
      const blocked = hasty.tx(ALL_ORGANIZATIONS, (other) =>
        other.query('SELECT FROM entries WHERE id = $1 FOR UPDATE', [id]),
      );
      const error: unknown = await blocked.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: '55P03' });
      expect([isPermanent(error), isTransient(error)]).toEqual([false, true]);
    });
  });

  test('a value that cannot be sent is a fault of the caller, and costs at most its connection', async () => {
    const single = ledger.replica({ maxConnections: 1 });
    const unsendable = single.tx(ALL_ORGANIZATIONS, (tx) => tx.query('SELECT $1::jsonb', [{ amountMinor: 1n }]));
    await expect(unsendable).rejects.toBeInstanceOf(TypeError);
    await single.ping();
  });

  test('a signal is heard after the commit, once, and never after a rollback', async () => {
    const heard: boolean[] = [];
    const id = nextId();
    const quiet = ledger.database.onSignal('test', () => heard.push(true));
    await ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
      tx.signal('test');
      tx.signal('test');
      await insert(tx, id);
      expect(heard).toEqual([]);
    });
    await expect(
      ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
        tx.signal('test');
        await insert(tx, id);
      }),
    ).rejects.toMatchObject({ code: '23505' });
    expect(heard).toEqual([true]);
    quiet();
    await ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => tx.signal('test'));
    expect(heard).toEqual([true]);
  });
});

describe('connections that break', () => {
  test('one that dies while idle is replaced without anybody noticing', async () => {
    const one = ledger.replica({ maxConnections: 1 });
    const pid = await one.tx(ALL_ORGANIZATIONS, backendPid);
    await terminate(pid);
    await eventually(() => one.pool.totalCount === 0);
    expect(await one.tx(ALL_ORGANIZATIONS, backendPid)).not.toBe(pid);
  });

  test('one that dies between two statements fails its transaction and nothing else', async () => {
    const one = ledger.replica({ maxConnections: 1 });
    const id = nextId();
    const orphaned = one.tx(ALL_ORGANIZATIONS, async (tx) => {
      await insert(tx, id);
      await terminate(await backendPid(tx));
      await eventually(() =>
        insert(tx, nextId()).then(
          () => false,
          () => true,
        ),
      );
    });
    await expect(orphaned).rejects.toThrow();
    expect(await stored(id)).toBe(false);
    expect(await one.tx(ALL_ORGANIZATIONS, backendPid)).toBeTypeOf('number');
  });

  test.each([
    { verdict: 'cut', kept: false },
    { verdict: 'cut-answer', kept: true },
  ] as const)('lost at COMMIT ($verdict): the outcome is called unknown, and is $kept', async ({ verdict, kept }) => {
    const proxy = await startTcpProxy(ledger.url);
    const database = ledger.replica({ url: proxy.via(ledger.url) });
    let fired = 0;
    proxy.judge((chunk) => {
      if (!chunk.includes('COMMIT')) return 'forward';
      fired += 1;
      return verdict;
    });
    const id = nextId();
    await expect(database.tx(ALL_ORGANIZATIONS, (tx) => insert(tx, id))).rejects.toBeInstanceOf(CommitUnknownError);
    expect(fired).toBe(1);
    expect(await stored(id)).toBe(kept);
    proxy.judge(() => 'forward');
    await database.ping();
    await proxy.stop();
  });

  test('lost before COMMIT: an ordinary failure, nothing kept', async () => {
    const proxy = await startTcpProxy(ledger.url);
    const database = ledger.replica({ url: proxy.via(ledger.url) });
    const id = nextId();
    const orphaned = database.tx(ALL_ORGANIZATIONS, async (tx) => {
      await insert(tx, id);
      proxy.cut();
      await insert(tx, nextId());
    });
    await expect(orphaned).rejects.toBeInstanceOf(UnavailableError);
    expect(await stored(id)).toBe(false);
    await proxy.stop();
  });

  test('a server that is away, or has no connection free in time, is told from a fault of the caller', async () => {
    const away = ledger.replica({ url: 'postgres://postgres@127.0.0.1:1/away' });
    const error: unknown = await away.tx(ALL_ORGANIZATIONS, (tx) => tx.query('SELECT 1')).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    const busy = ledger.replica({ maxConnections: 1, acquireTimeoutMs: 50 });
    await busy.tx(ALL_ORGANIZATIONS, async () => {
      await expect(busy.read(ALL_ORGANIZATIONS, async () => 1)).rejects.toBeInstanceOf(UnavailableError);
    });
  });

  test('a server that stops answering does not hold a caller for ever', async () => {
    const proxy = await startTcpProxy(ledger.url);
    const database = ledger.replica({ url: proxy.via(ledger.url), statementTimeoutMs: 300 });
    await database.ping();
    proxy.freeze();
    const hanging = database.tx(ALL_ORGANIZATIONS, (tx) => tx.query('SELECT 1'));
    await expect(hanging).rejects.toBeInstanceOf(UnavailableError);
    proxy.thaw();
    await database.ping();
    await proxy.stop();
  });
});

describe('values', () => {
  test('come back without loss', async () => {
    const row = await firstRow(
      ledger.database,
      `SELECT 9007199254740993::bigint AS int8, ARRAY[1, NULL]::bigint[] AS int8s,
      1.10::numeric AS numeric, '2026-03-29'::date AS date, '2026-03-29 01:30:00.123Z'::timestamptz AS at,
      '{"a": [1]}'::jsonb AS json, '\\xff'::bytea AS bytes, ARRAY['${ACME}']::uuid[] AS uuids, '{}'::bigint[] AS none`,
    );
    expect(row).toEqual({
      int8: 9007199254740993n,
      int8s: [1n, null],
      numeric: '1.10',
      date: '2026-03-29',
      at: new Date('2026-03-29T01:30:00.123Z'),
      json: { a: [1] },
      bytes: Buffer.from([0xff]),
      uuids: [ACME],
      none: [],
    });
  });

  test('a large result is read in batches, on one snapshot', async () => {
    const sizes = await ledger.database.read(ALL_ORGANIZATIONS, async (tx) => {
      const batches: number[] = [];
      const source = fetchBatches<{ n: number }>(tx, 'SELECT n FROM generate_series(1, $1::int) n', [2_500], 1_000);
      for await (const batch of source) batches.push(batch.length);
      return batches;
    });
    expect(sizes).toEqual([1_000, 1_000, 500]);
  });
});

async function firstRow(database: Database, sql: string): Promise<unknown> {
  return (await database.read(ALL_ORGANIZATIONS, (tx) => tx.query(sql))).rows[0];
}

/** Everybody waits there until `size` have come; whoever comes later passes. */
function barrier(size: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived >= size) resolve();
    return promise;
  };
}
