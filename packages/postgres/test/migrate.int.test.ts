import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../src/migrate.ts';
import { LEDGER } from './ledger.ts';

let dir: string;
let databases: TestDatabase[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'migrate-'));
  await cp(LEDGER.dir, dir, { recursive: true });
  databases = [await createTestDatabase(), await createTestDatabase()];
});
afterEach(async () => {
  await Promise.all(databases.map((database) => database.drop()));
  await rm(dir, { recursive: true });
});

const url = (index = 0) => databases[index]?.url ?? '';

async function ask<R extends pg.QueryResultRow>(sql: string, at = url()): Promise<R[]> {
  const client = new pg.Client(at);
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

const ALL = [
  'tenancy/0001-row-level-security.sql',
  'outbox/0001-outbox.sql',
  'inbox/0001-inbox.sql',
  '0001-entries.sql',
];

test('ten processes that start at once, on two databases, run every file once in each', async () => {
  const runs = await Promise.all(
    Array.from({ length: 10 }, (_, index) => migrate({ ...LEDGER, role: 'aegis_ledger', url: url(index % 2) })),
  );
  expect(runs.flat().toSorted()).toEqual([...ALL, ...ALL].toSorted());
  for (const index of [0, 1]) {
    const applied = await ask<{ name: string }>('SELECT name FROM ledger.schema_migrations', url(index));
    expect(applied.map((row) => row.name).toSorted()).toEqual(ALL.toSorted());
  }
});

test('many databases of one server may create the same role at once', async () => {
  const role = `aegis_race_${process.pid}`;
  await writeFile(join(dir, '0001-entries.sql'), `GRANT USAGE ON SCHEMA ledger TO ${role};`);
  try {
    await Promise.all([0, 1, 0, 1].map((index) => migrate({ ...LEDGER, dir, role, url: url(index) })));
    expect(await ask(`SELECT rolcanlogin FROM pg_roles WHERE rolname = '${role}'`)).toEqual([{ rolcanlogin: false }]);
  } finally {
    for (const index of [0, 1]) await ask(`DROP OWNED BY ${role}`, url(index));
    await ask(`DROP ROLE ${role}`);
  }
});

test('an edited file is named and nothing runs', async () => {
  await migrate({ ...LEDGER, dir, url: url() });
  await writeFile(join(dir, '0001-entries.sql'), 'SELECT 1');
  await writeFile(join(dir, '0002-later.sql'), 'CREATE TABLE later ()');
  await expect(migrate({ ...LEDGER, dir, url: url() })).rejects.toThrow('0001-entries.sql was changed after');
  expect(await ask("SELECT to_regclass('ledger.later') AS later")).toEqual([{ later: null }]);
});

test('a file that fails leaves nothing behind, and is named with its line', async () => {
  await writeFile(join(dir, '0002-broken.sql'), 'CREATE TABLE half ();\n\nSELECT nonsense;\n');
  await expect(migrate({ ...LEDGER, dir, url: url() })).rejects.toThrow(
    /0002-broken\.sql: column "nonsense" does not exist at line 3 \(SQLSTATE 42703\)/,
  );
  expect(await ask("SELECT to_regclass('ledger.half') AS half")).toEqual([{ half: null }]);
  await writeFile(join(dir, '0002-broken.sql'), 'CREATE TABLE whole ();');
  expect(await migrate({ ...LEDGER, dir, url: url() })).toEqual(['0002-broken.sql']);
});

test('an owner who is no superuser can migrate, and the service work under its role', async () => {
  const owner = `owner_${process.pid}`;
  const role = `aegis_owned_${process.pid}`;
  await ask(`CREATE ROLE ${owner} LOGIN PASSWORD 'secret' CREATEROLE`);
  const name = new URL(url()).pathname.slice(1);
  await ask(`ALTER DATABASE ${name} OWNER TO ${owner}`);
  const own = new URL(url());
  own.username = owner;
  own.password = 'secret';
  await writeFile(
    join(dir, '0001-entries.sql'),
    `CREATE TABLE entries (organization_id uuid NOT NULL);
     CALL isolate_by_organization('entries');
     INSERT INTO entries VALUES (gen_random_uuid());
     GRANT SELECT ON entries TO ${role};`,
  );
  try {
    await migrate({ ...LEDGER, dir, role, url: own.href });
    own.searchParams.set('options', `-c role=${role}`);
    expect(await ask('SELECT count(*)::int AS visible FROM ledger.entries', own.href)).toEqual([{ visible: 0 }]);
  } finally {
    await ask(`DROP OWNED BY ${role}, ${owner}`);
    await ask(`ALTER DATABASE ${name} OWNER TO CURRENT_USER; DROP ROLE ${role}; DROP ROLE ${owner}`);
  }
});
