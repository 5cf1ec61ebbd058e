import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busMigrations } from '@aegis/bus/migrations';
import { migratePostgres, POSTGRES_SCHEMAS } from '@aegis/migrate/postgres-schemas';
import { migrate } from '@aegis/postgres/migrate';
import { createLogger } from '@aegis/runtime/log';
import { createTestDatabase, type TestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../src/backup.ts';
import { checkDatabase } from '../src/check-restored.ts';
import { dumpDatabase } from '../src/dump.ts';
import { loadDatabase } from '../src/load.ts';
import { readManifest } from '../src/manifest.ts';
import { restore } from '../src/restore.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const SECRET_KEY = randomBytes(32);
/** What COPY's text has to escape, and what a careless reader would take for something else. */
const AWKWARD = 'tab\t newline\n back\\slash \\N \\. "quotes" \u0001 日本 😀';

let dir: string;
const made: TestDatabase[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aegis-backup-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});
afterEach(async () => {
  for (const created of made.splice(0)) await created.drop();
});

async function database(migrated: boolean): Promise<string> {
  const created = await createTestDatabase(migrated ? { migrations: POSTGRES_SCHEMAS } : {});
  made.push(created);
  return created.url;
}

async function query(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, options: '-c aegis.organization=*' });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** An organisation with a user, an entry in a partitioned table, and a row in an outbox, whose identity is always generated. */
async function fill(url: string): Promise<string> {
  const organization = randomUUID();
  await query(url, 'INSERT INTO gateway.organizations (id, name) VALUES ($1, $2)', [organization, AWKWARD]);
  await query(
    url,
    `INSERT INTO gateway.users (id, organization_id, email, name, roles, status, password_hash)
     VALUES (gen_random_uuid(), $1, 'a@example.com', $2, ARRAY['admin', 'a "b"'], 'active', 'hash')`,
    [organization, AWKWARD],
  );
  await query(
    url,
    `INSERT INTO audit.entries VALUES ($1, 0, '2026-01-02T03:04:05.678Z', '\\x00ff', 'evt', 'a.b', 'x', 'y', NULL, $2)`,
    [organization, AWKWARD],
  );
  for (let n = 0; n < 3; n += 1)
    await query(url, `INSERT INTO policy.outbox (topic, key, headers, value) VALUES ('t', 'k', '{}', $1)`, [AWKWARD]);
  return organization;
}

/** Every row of every table as text, in one order. */
async function contents(url: string): Promise<Record<string, unknown[]>> {
  const tables = await query(
    url,
    `SELECT schemaname AS schema, tablename AS "table" FROM pg_tables
     WHERE schemaname IN ('bus', 'policy', 'approval', 'audit', 'gateway') AND tablename <> 'schema_migrations' ORDER BY 1, 2`,
  );
  const each = tables.map(({ schema, table }) => {
    const name = `${String(schema)}.${String(table)}`;
    return `SELECT '${name}' AS "table", t::text AS row FROM ${name} t`;
  });
  const rows = await query(url, `${each.join(' UNION ALL ')} ORDER BY 1, 2`);
  return Object.fromEntries(Map.groupBy(rows, (row) => String(row['table'])));
}

let number = 0;
async function backupOf(url: string): Promise<string> {
  const to = join(dir, `backup-${(number += 1)}`);
  await backUp({ databaseUrl: url, kafka: null, dir: to, secretKeys: [SECRET_KEY], jobs: 2 });
  return to;
}

const restoreInto = (url: string, from: string, secretKeys: Uint8Array[] = [SECRET_KEY]) =>
  restore({
    dir: from,
    databaseUrl: url,
    kafka: null,
    secretKeys,
    // Not reached in the tests that end before analytics.
    analytics: { clickhouse: { url: 'http://127.0.0.1:1' }, database: 'aegis_analytics' },
    log,
  });

async function load(url: string, from: string): Promise<void> {
  await loadDatabase({ url, dir: from, manifest: await readManifest(from) });
}

describe('a backup', () => {
  it('gives every row back, character by character, and every sequence goes on', async () => {
    const [source, target] = [await database(true), await database(true)];
    await fill(source);
    await load(target, await backupOf(source));
    expect(await contents(target)).toEqual(await contents(source));
    const next = `INSERT INTO policy.outbox (topic, key, headers, value) VALUES ('t', 'k', '{}', '') RETURNING id`;
    expect(await query(target, next)).toEqual([{ id: '4' }]);
  });

  it('is of one moment: what commits while it is taken is in no table', async () => {
    const source = await database(true);
    await fill(source);
    const to = await mkdtemp(join(dir, 'moment-'));
    const schemas = POSTGRES_SCHEMAS.map(({ schema }) => schema);
    let ended = false;
    const dumped = dumpDatabase({ url: source, schemas, dir: to, jobs: 1 }).finally(() => (ended = true));
    let written = 0;
    for (; !ended; written += 1) await fill(source);
    const { tables } = await dumped;
    const rows = (name: string) =>
      tables.filter(({ schema, into }) => `${schema}.${into}` === name).reduce((sum, table) => sum + table.rows, 0);
    // Each statement above is a transaction of its own, in this order: a later table never has more than an earlier one.
    const [organizations, users, entries, outbox] = [
      rows('gateway.organizations'),
      rows('gateway.users'),
      rows('audit.entries'),
      rows('policy.outbox'),
    ];
    expect(users).toBeLessThanOrEqual(organizations);
    expect(entries).toBeLessThanOrEqual(users);
    expect(outbox).toBeLessThanOrEqual(entries * 3);
    expect(organizations).toBeLessThanOrEqual(entries + 1);
    expect(written).toBeGreaterThan(1);
  });

  it('restores under an owner who is not a superuser, and row-level security is forced as before', async () => {
    const source = await database(true);
    await fill(source);
    const owner = `owner_${randomBytes(4).toString('hex')}`;
    const admin = await database(false);
    await query(admin, `CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'p'`);
    const name = new URL(admin).pathname.slice(1);
    await query(admin, `ALTER DATABASE ${name} OWNER TO ${owner}`);
    for (const role of ['bus', 'policy', 'approval', 'audit', 'audit_retention', 'gateway'])
      await query(admin, `GRANT aegis_${role} TO ${owner} WITH ADMIN OPTION`);
    const target = new URL(admin);
    target.username = owner;
    target.password = 'p';
    await migratePostgres(target.href, log);
    await load(target.href, await backupOf(source));
    expect(await contents(admin)).toEqual(await contents(source));
    const forced = `SELECT count(*)::int AS n FROM pg_class WHERE relforcerowsecurity`;
    expect(await query(admin, forced)).toEqual(await query(source, forced));
    made.pop();
    await query(source, `DROP DATABASE ${name} WITH (FORCE)`);
    await query(source, `DROP OWNED BY ${owner}; DROP ROLE ${owner}`);
  });

  it('is never written over another, and a directory without its manifest is none', async () => {
    const source = await database(true);
    const to = await backupOf(source);
    await expect(backUp({ databaseUrl: source, kafka: null, dir: to, secretKeys: null, jobs: 1 })).rejects.toThrow(
      'is not empty',
    );
    await rm(join(to, 'manifest.json'));
    await expect(readManifest(to)).rejects.toThrow('holds no backup');
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -9)],
    ['changed', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4), Buffer.of(1), bytes.subarray(5)])],
    ['empty', () => Buffer.alloc(0)],
  ])('of which a file is %s restores nothing', async (_, damage) => {
    const [source, target] = [await database(true), await database(true)];
    await fill(source);
    const from = await backupOf(source);
    const file = join(from, 'policy/outbox.copy.gz');
    await writeFile(file, damage(await readFile(file)));
    await expect(load(target, from)).rejects.toThrow('outbox.copy.gz is not what the backup wrote');
    expect(await contents(target)).toEqual({});
  });

  it('says what to look at where the database is not there', async () => {
    const to = join(dir, randomUUID());
    const nowhere = 'postgres://aegis:aegis@127.0.0.1:1/aegis';
    const asked = backUp({
      databaseUrl: nowhere,
      kafka: null,
      dir: to,
      secretKeys: [SECRET_KEY],
      jobs: 1,
      onTable() {},
    });
    await expect(asked).rejects.toThrow(/PostgreSQL cannot be reached .+ check DATABASE_URL/);
  });

  it('goes into no database that holds something, and opens under no other secret key', async () => {
    const source = await database(true);
    await fill(source);
    const from = await backupOf(source);
    await expect(load(source, from)).rejects.toThrow('Restore into an empty database');
    const empty = await database(false);
    await expect(restoreInto(empty, from, [randomBytes(32)])).rejects.toThrow('AEGIS_SECRET_KEY is not the one');
    expect(await query(empty, `SELECT FROM pg_namespace WHERE nspname = 'gateway'`)).toEqual([]);
  });

  it('of an earlier release is put into the tables of that release, and then migrated', async () => {
    const source = await database(false);
    // As it was before the last migration of gateway, which a row from then must go through.
    const gateway = POSTGRES_SCHEMAS.find(({ schema }) => schema === 'gateway');
    const files = (await readdir(gateway?.dir ?? '')).toSorted();
    const earlier = new Set(['tenancy/0001-row-level-security.sql', 'outbox/0001-outbox.sql', ...files.slice(0, 2)]);
    for (const schema of POSTGRES_SCHEMAS)
      await migrate({ url: source, ...schema, ...(schema === gateway && { only: earlier }) });
    await query(source, 'INSERT INTO gateway.organizations (id, name) VALUES ($1, $2)', [randomUUID(), 'early']);
    const from = await backupOf(source);
    const target = await database(false);
    // Analytics cannot be reached here; PostgreSQL is complete before.
    await expect(restoreInto(target, from)).rejects.toThrow('ECONNREFUSED');
    expect(await query(target, 'SELECT name FROM gateway.organizations')).toEqual([{ name: 'early' }]);
    const migrated = `SELECT name FROM gateway.schema_migrations ORDER BY name`;
    expect((await query(target, migrated)).map(({ name }) => name)).toEqual(expect.arrayContaining(files));
  });

  it('of a later release is refused, with what to do', async () => {
    const source = await database(true);
    await query(source, `INSERT INTO bus.schema_migrations (name, checksum) VALUES ('9999-later.sql', '')`);
    const from = await backupOf(source);
    const message = `had 9999-later.sql of ${busMigrations.schema}`;
    await expect(restoreInto(await database(false), from)).rejects.toThrow(message);
  });
});

describe('a check against checkpoints kept outside', () => {
  it('is refused where none of a log is kept, which compares nothing', async () => {
    const source = await database(true);
    await query(source, 'INSERT INTO audit.chain_heads (organization_id, size) VALUES ($1, 1)', [randomUUID()]);
    const misspelt = checkDatabase({ databaseUrl: source, checkpoints: join(dir, 'chekpoints'), log });
    await expect(misspelt).rejects.toThrow('holds no checkpoint of any log of this database');
  });
});
