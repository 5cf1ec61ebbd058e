import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, ALL_ORGANIZATIONS } from '../src/database.ts';
import { CommitUnknownError, sqlState } from '../src/errors.ts';
import { createGroupCommit } from '../src/group-commit.ts';
import { appendOutbox } from '../src/outbox.ts';
import { startTcpProxy } from '@aegis/testkit/tcp-proxy';
import { ACME, type Ledger, openLedger } from './ledger.ts';
import { message } from './recording-bus.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger[Symbol.asyncDispose]());

interface Entry {
  readonly id: bigint;
  readonly amountMinor: bigint;
}

/** Writes entries with one event each, as a service does. */
function writer(database: Database) {
  let flushes = 0;
  const group = createGroupCommit<Entry, bigint>({
    flush: (entries) =>
      database.tx({ organizationId: ACME }, async (tx) => {
        flushes += 1;
        const ids = entries.map((entry) => entry.id);
        await Promise.all([
          tx.query(
            'INSERT INTO entries (id, organization_id, amount_minor) SELECT id, $1, amount FROM unnest($2::bigint[], $3::bigint[]) AS e (id, amount)',
            [ACME, ids, entries.map((entry) => entry.amountMinor)],
          ),
          appendOutbox(
            tx,
            ids.map((id) => message('key', Number(id))),
          ),
        ]);
        return ids;
      }),
  });
  return { group, flushes: () => flushes };
}

const count = async (table: string) =>
  Number((await ledger.admin(`SELECT count(*) AS n FROM ledger.${table}`)).rows[0].n);

test('one broken row among many costs nobody else theirs, and leaves no event behind', async () => {
  const { group } = writer(ledger.database);
  const answers = await Promise.allSettled(
    Array.from({ length: 200 }, (_, index) =>
      group.submit({ id: BigInt(index + 1), amountMinor: index === 77 || index === 140 ? -1n : 1n }),
    ),
  );
  const broken = answers.flatMap((answer, index) =>
    answer.status === 'rejected' ? [{ index, state: sqlState(answer.reason) }] : [],
  );
  expect(broken).toEqual([
    { index: 77, state: '23514' },
    { index: 140, state: '23514' },
  ]);
  expect(await count('entries')).toBe(198);
  expect(await count('outbox')).toBe(198);
});

test('a thousand concurrent writes share few transactions', async () => {
  const { group, flushes } = writer(ledger.database);
  await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => group.submit({ id: BigInt(10_000 + index), amountMinor: 1n })),
  );
  expect(flushes()).toBeLessThanOrEqual(3);
});

test('a connection lost at COMMIT is not bisected: everybody learns that the outcome is unknown', async () => {
  const proxy = await startTcpProxy(ledger.url);
  const { group, flushes } = writer(ledger.replica({ url: proxy.via(ledger.url) }));
  proxy.judge((chunk) => (chunk.includes('COMMIT') ? 'cut-answer' : 'forward'));
  const answers = await Promise.allSettled(
    [1n, 2n, 3n].map((id) => group.submit({ id: 20_000n + id, amountMinor: 1n })),
  );
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(CommitUnknownError) });
  }
  expect(flushes()).toBe(1);
  const kept = () => ledger.database.read(ALL_ORGANIZATIONS, (tx) => tx.query('SELECT FROM entries WHERE id > 20000'));
  await eventually(async () => (await kept()).rowCount === 3);
  await proxy.stop();
});
