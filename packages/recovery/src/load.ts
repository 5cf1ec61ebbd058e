import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Manifest, TableFile } from './manifest.ts';
import { RecoveryError } from './recovery-error.ts';
import { columnList, openSession, qualified } from './session.ts';
import { inLoadOrder } from './tables.ts';

export interface LoadOptions {
  readonly url: string;
  readonly dir: string;
  readonly manifest: Pick<Manifest, 'tables' | 'sequences'>;
  readonly onRows?: (table: string, rows: number) => void;
}

/**
 * Puts the rows back into schemas that are migrated as far as the backup's were, and empty. One transaction: all of it is
 * there afterwards, or nothing.
 *
 * @throws RecoveryError when a file is not the one that was written, or a table holds something
 */
export async function loadDatabase({ url, dir, manifest, onRows }: LoadOptions): Promise<void> {
  const client = await openSession(url);
  try {
    await client.query('BEGIN');
    const tables = await inLoadOrder(client, manifest.tables);
    const targets = [
      ...new Map(tables.map((t) => [`${t.schema}.${t.into}`, { schema: t.schema, table: t.into }])).values(),
    ];
    for (const target of targets) await assertEmpty(client, target);
    const forced = await withoutForcedPolicies(client, targets);
    for (const table of tables) {
      await loadTable(client, table, dir);
      onRows?.(`${table.schema}.${table.table}`, table.rows);
    }
    for (const name of forced) await client.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
    for (const { schema, sequence, value } of manifest.sequences) {
      await client.query('SELECT setval($1::regclass, $2)', [qualified({ schema, table: sequence }), value]);
    }
    await client.query('COMMIT');
    for (const target of targets) await client.query(`ANALYZE ${qualified(target)}`);
  } finally {
    await client.end();
  }
}

async function assertEmpty(client: pg.Client, target: { schema: string; table: string }): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM ${qualified(target)} LIMIT 1`);
  if (rowCount === 0) return;
  throw new RecoveryError(
    `The database holds rows in ${target.schema}.${target.table} already. Restore into an empty database: ` +
      'another name in DATABASE_URL, or, for npm start, another AEGIS_DATA_DIR.',
  );
}

/** COPY cannot write where row-level security is forced on the owner; it is forced again before anybody else sees the rows. */
async function withoutForcedPolicies(
  client: pg.Client,
  targets: readonly { schema: string; table: string }[],
): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT oid::regclass::text AS name FROM pg_class WHERE oid = ANY ($1::regclass[]) AND relforcerowsecurity',
    [targets.map(qualified)],
  );
  for (const { name } of rows) await client.query(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`);
  return rows.map(({ name }) => name);
}

async function loadTable(client: pg.Client, table: TableFile, dir: string): Promise<void> {
  const path = join(dir, table.file);
  const hash = createHash('sha256');
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const target = { schema: table.schema, table: table.into };
  const sink = client.query(copyFrom(`COPY ${qualified(target)} (${columnList(table.columns)}) FROM STDIN`));
  try {
    await pipeline(createReadStream(path), measure, createGunzip(), sink);
  } catch (error) {
    // The database explains best what it refuses; else the file is damaged or not there.
    if (error instanceof pg.DatabaseError) throw error;
    throw new RecoveryError(
      `${path} is not what the backup wrote: ${String(error)}. Take another copy of the backup.`,
      {
        cause: error,
      },
    );
  }
  if (hash.digest('hex') !== table.sha256 || sink.rowCount !== table.rows) {
    throw new RecoveryError(`${path} is not what the backup wrote. Take another copy of the backup.`);
  }
}
