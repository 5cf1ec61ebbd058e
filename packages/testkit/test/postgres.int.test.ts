import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from '../src/postgres.ts';
import { createTestDatabase } from '../src/test-database.ts';

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a server of one’s own keeps its data and its address over a restart', async () => {
  const server = await startPostgres();
  try {
    await ask(server.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    const witness = new pg.Client(server.url);
    const cut = new Promise((resolve) => witness.on('error', resolve));
    await witness.connect();
    await server.restart();
    expect(await cut).toBeInstanceOf(Error);
    expect(await ask(server.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  } finally {
    await server.stop();
  }
});

test('a server that was killed is back by its log, on the same address', async () => {
  const server = await startPostgres();
  try {
    await ask(server.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await server.kill();
    await expect(ask(server.url, 'SELECT 1')).rejects.toThrow();
    await server.restart();
    expect(await ask(server.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  } finally {
    await server.stop();
  }
});

test('databases of one template start alike, do not see each other, and follow a change of the migrations', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'template-'));
  const create = () => createTestDatabase({ migrations: [{ schema: 'shop', dir }] });
  await writeFile(join(dir, '0001-items.sql'), 'CREATE TABLE items AS SELECT 1 AS id');
  const [first, second] = await Promise.all([create(), create()]);
  await ask(first.url, 'INSERT INTO shop.items VALUES (2)');
  expect(await ask(second.url, 'SELECT id FROM shop.items')).toEqual([{ id: 1 }]);
  await writeFile(join(dir, '0001-items.sql'), 'CREATE TABLE items AS SELECT 7 AS id');
  const third = await create();
  expect(await ask(third.url, 'SELECT id FROM shop.items')).toEqual([{ id: 7 }]);
  await Promise.all([first.drop(), second.drop(), third.drop(), rm(dir, { recursive: true })]);
  await expect(ask(first.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
});
