import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readMigrationFiles } from '@aegis/postgres/migration-files';
import { migrate, type MigrateOptions } from '@aegis/postgres/migrate';
import pg from 'pg';
import { eventually } from './eventually.ts';

export interface TestDatabaseOptions {
  /** What the database holds: one entry a schema. */
  readonly migrations?: readonly Omit<MigrateOptions, 'url' | 'log'>[];
  /** A superuser's URL of the server. Default: the one the test run shares. */
  readonly server?: string;
}

export interface TestDatabase {
  /** Connects as the superuser, who sees every row; services come in under their own role. */
  readonly url: string;
  /** Cuts whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database of one's own, copied from a template in tens of milliseconds. The template is migrated by
 * whoever needs it first, and found again by the digest of its migrations.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = options.server ?? (await sharedServer());
  const migrations = options.migrations ?? [];
  const template = migrations.length === 0 ? 'template1' : await ensureTemplate(server, migrations);
  const name = `aegis_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: databaseUrl(server, name),
    drop: () => onServer(server, (client) => dropDatabase(client, name)),
  };
}

async function sharedServer(): Promise<string> {
  const { inject } = await import('vitest');
  return inject('postgresUrl');
}

type Migrations = NonNullable<TestDatabaseOptions['migrations']>;

/** `datistemplate` is set last: a template whose migration failed half-way is not one. */
async function ensureTemplate(server: string, migrations: Migrations): Promise<string> {
  const name = `aegis_template_${await digest(migrations)}`;
  await onServer(server, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const found = await client.query<{ ready: boolean }>(
      'SELECT datistemplate AS ready FROM pg_database WHERE datname = $1',
      [name],
    );
    if (found.rows[0]?.ready) return;
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}`);
    for (const migration of migrations) await migrate({ ...migration, url: databaseUrl(server, name) });
    await client.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
  });
  return name;
}

const SHARED_SQL = join(import.meta.dirname, '../../postgres/sql');

async function digest(migrations: Migrations): Promise<string> {
  const hash = createHash('sha256');
  for (const { dir, ...options } of migrations) {
    hash.update(JSON.stringify(options));
    const modules = ['tenancy', ...(options.modules ?? [])].map((module) => join(SHARED_SQL, module));
    for (const folder of [...modules, dir]) {
      for (const file of await readMigrationFiles(folder)) hash.update(`${file.name} ${file.checksum}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Lets connections that are closing say goodbye: one that is cut meanwhile raises an error in a test that is over. */
async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  const deserted = async () => {
    const { rows } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1', [name]);
    return rows.length === 0;
  };
  await eventually(deserted, { timeoutMs: 500, intervalMs: 10 }).catch(() => undefined);
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server, application_name: 'aegis-testkit' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
