import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DEAD_LETTER_TOPIC, PARTITIONS_PER_TOPIC } from '@aegis/bus/port';
import { TOPICS } from '@aegis/contracts/topics';
import { type ClickHouseServer, startClickHouse } from '@aegis/testkit/clickhouse';
import { createTestDatabase, type TestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '../src/main.ts');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function migrate(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

describe('the migration of every store', () => {
  let database: TestDatabase;
  let clickhouse: ClickHouseServer;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await createTestDatabase();
    clickhouse = await startClickHouse();
    env = { DATABASE_URL: database.url, CLICKHOUSE_URL: clickhouse.url };
  });
  afterAll(async () => {
    await clickhouse.stop();
    await database.drop();
  });

  async function rows(sql: string): Promise<unknown[]> {
    const client = new pg.Client(database.url);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it('brings up five schemas, the ClickHouse database and the topics, and may run by several at once', async () => {
    const runs = await Promise.all([migrate([], env), migrate([], env)]);
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    const schemas = await rows(
      `SELECT schemaname AS name FROM pg_tables WHERE tablename = 'schema_migrations' ORDER BY schemaname`,
    );
    expect(schemas).toEqual(['approval', 'audit', 'bus', 'gateway', 'policy'].map((name) => ({ name })));
    const tables = await fetch(clickhouse.url, { method: 'POST', body: 'SHOW TABLES FROM aegis_analytics' });
    expect((await tables.text()).split('\n')).toEqual(expect.arrayContaining(['intents', 'schema_migrations']));
    const topics = await rows('SELECT topic, count(*)::int AS partitions FROM bus.partitions GROUP BY topic');
    expect(topics).toHaveLength(Object.keys(TOPICS).length + 1);
    expect(topics).toContainEqual({ topic: DEAD_LETTER_TOPIC, partitions: PARTITIONS_PER_TOPIC });
  });

  it('finds nothing to do the next time', async () => {
    const { code, stdout } = await migrate(['schemas'], env);
    expect({ code, migrated: stdout.includes('migrated') }).toEqual({ code: 0, migrated: false });
  });

  it('names what is missing, and a step that does not exist', async () => {
    const noStore = await migrate(['schemas'], { DATABASE_URL: database.url });
    expect(noStore).toMatchObject({ code: 78, stderr: expect.stringContaining('CLICKHOUSE_URL is missing') });
    const noStep = await migrate(['schema'], env);
    expect(noStep).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no step schema') });
  });

  it('fails with a sentence where a store cannot be reached', async () => {
    const refused = await migrate(['schemas'], { ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') });
  });
});
