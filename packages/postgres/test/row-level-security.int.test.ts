import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_ORGANIZATIONS, type Scope } from '../src/database.ts';
import { ACME, GLOBEX, type Ledger, openLedger } from './ledger.ts';

const acme = { organizationId: ACME };
const globex = { organizationId: GLOBEX };
let ledger: Ledger;

beforeAll(async () => {
  ledger = await openLedger();
  await insert(acme, 1n, ACME);
  await insert(globex, 2n, GLOBEX);
});
afterAll(() => ledger[Symbol.asyncDispose]());

const insert = (scope: Scope, id: bigint, organizationId: string) =>
  ledger.database.tx(scope, (tx) => tx.query('INSERT INTO entries VALUES ($1, $2, 5)', [id, organizationId]));

const ids = (scope: Scope, where = 'true') =>
  ledger.database.read(scope, async (tx) => {
    const { rows } = await tx.query<{ id: bigint }>(`SELECT id FROM entries WHERE ${where} ORDER BY id`);
    return rows.map((row) => row.id);
  });

test('an organisation sees its rows, and not those of another even when it asks for them', async () => {
  expect(await ids(acme)).toEqual([1n]);
  expect(await ids(globex)).toEqual([2n]);
  expect(await ids(acme, `organization_id = '${GLOBEX}'`)).toEqual([]);
});

test('work across organisations sees all', async () => {
  expect(await ids(ALL_ORGANIZATIONS)).toEqual([1n, 2n]);
});

test('without an organisation nothing is seen and nothing can be written', async () => {
  const client = await ledger.database.connect();
  for (const state of ['never set', 'set in a transaction before']) {
    expect((await client.query('SELECT id FROM entries')).rows, state).toEqual([]);
    await expect(client.query(`INSERT INTO entries VALUES (9, '${ACME}', 5)`), state).rejects.toMatchObject({
      code: '42501',
    });
    await client.query(`BEGIN; SET LOCAL aegis.organization = '${ACME}'; SELECT id FROM entries; COMMIT`);
  }
  await client.end();
});

test('a row for another organisation is refused, and one cannot be moved there', async () => {
  await expect(insert(acme, 3n, GLOBEX)).rejects.toMatchObject({ code: '42501' });
  const move = ledger.database.tx(acme, (tx) => tx.query('UPDATE entries SET organization_id = $1', [GLOBEX]));
  await expect(move).rejects.toMatchObject({ code: '42501' });
  const change = await ledger.database.tx(acme, (tx) => tx.query('UPDATE entries SET note = $1 WHERE id = 2', ['{}']));
  expect(change.rowCount).toBe(0);
});

test('an organisation does not stay behind on the connection', async () => {
  const one = ledger.replica({ maxConnections: 1 });
  await one.tx(acme, (tx) => tx.query('SELECT FROM entries'));
  expect((await one.pool.query('SELECT id FROM entries')).rows).toEqual([]);
});

test('an organizationId that is not a UUID never becomes part of a statement', async () => {
  const injected = { organizationId: "*'; DROP TABLE entries; --" };
  await expect(async () => ids(injected)).rejects.toThrow('organizationId is not a UUID');
});

test('the service cannot switch the policy off, nor bypass it', async () => {
  const client = await ledger.database.connect();
  await expect(client.query('ALTER TABLE entries DISABLE ROW LEVEL SECURITY')).rejects.toMatchObject({ code: '42501' });
  await expect(client.query('DROP POLICY organization ON entries')).rejects.toMatchObject({ code: '42501' });
  await expect(client.query('SET row_security = off; SELECT FROM entries')).rejects.toMatchObject({ code: '42501' });
  await client.end();
});

test('the policy leaves the planner its index: a page of a large organisation is read in order, not sorted', async () => {
  await ledger.admin('INSERT INTO ledger.entries SELECT g, $1, 5 FROM generate_series(1000, 6000) g', [ACME]);
  await ledger.admin('ANALYZE ledger.entries');
  const plan = await ledger.database.read(acme, async (tx) => {
    const explain = 'EXPLAIN SELECT * FROM entries WHERE organization_id = $1 ORDER BY id DESC LIMIT 20';
    const { rows } = await tx.query<{ 'QUERY PLAN': string }>(explain, [ACME]);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  expect(plan).toContain('Index Scan Backward');
  expect(plan).not.toContain('Sort');
});
