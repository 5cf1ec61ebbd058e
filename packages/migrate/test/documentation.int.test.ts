import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '@aegis/runtime/log';
import { createTestDatabase, type TestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratePostgres } from '../src/postgres-schemas.ts';

const DOCS = join(import.meta.dirname, '../../../docs');

/** Statements that the documents for operators tell to run, with the document they are in. */
async function statementsTold(): Promise<[string, string][]> {
  const names = (await readdir(DOCS, { recursive: true })).filter((name) => /^(?!adr).*\.md$/.test(name));
  const told: [string, string][] = [];
  for (const name of names.toSorted()) {
    const text = await readFile(join(DOCS, name), 'utf8');
    const blocks = [...text.matchAll(/```sql\n(.*?)```/gs)].map(([, block = '']) => block.replaceAll(/--.*$/gm, ''));
    const inline = [...text.matchAll(/`((?:SELECT|DELETE FROM|UPDATE) [^`]+)`/g)].map(
      ([, statement = '']) => statement,
    );
    const statements = [...blocks.flatMap((block) => block.split(';')), ...inline];
    told.push(...statements.flatMap((one): [string, string][] => (one.trim() === '' ? [] : [[name, one.trim()]])));
  }
  return told;
}

const told = await statementsTold();

describe('what the documents tell to run in the database', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migratePostgres(database.url, createLogger({ name: 'test', level: 'silent' }));
    client = new pg.Client(database.url);
    await client.connect();
    await client.query('BEGIN');
    // The login that the example exchanges.
    await client.query('CREATE ROLE aegis_2026a');
  });
  afterAll(async () => {
    await client.query('ROLLBACK');
    await client.end();
    await database.drop();
  });

  it('is all there', () => {
    expect(told.length).toBeGreaterThanOrEqual(9);
  });

  it.each(told)('in %s is taken by it: %s', async (_, statement) => {
    await client.query('SAVEPOINT before');
    // The documents leave times and passwords open.
    await expect(client.query(statement.replaceAll('…', '2026-03-05T10:00:00Z'))).resolves.toBeDefined();
  });
});
