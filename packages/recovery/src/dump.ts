import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { constants, createGzip } from 'node:zlib';
import { syncDirectory } from '@aegis/runtime/durable-file';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Manifest, TableFile } from './manifest.ts';
import { RecoveryError } from './recovery-error.ts';
import { columnList, openSession, qualified } from './session.ts';
import { listSequences, listTables, type StoredTable } from './tables.ts';

export interface DumpOptions {
  readonly url: string;
  readonly schemas: readonly string[];
  /** Exists and is empty. */
  readonly dir: string;
  /** Tables read at once, each by a connection of its own. */
  readonly jobs: number;
  /** Called once the snapshot is taken; the tables are read afterwards. */
  readonly onSnapshot?: () => Promise<void>;
  readonly onTable?: (progress: DumpProgress) => void;
}

export interface DumpProgress {
  readonly table: string;
  readonly rows: number;
  /** Size on disk of the tables that are finished, and of all. */
  readonly done: number;
  readonly total: number;
}

type Dump = Pick<Manifest, 'takenAt' | 'postgres' | 'schemas' | 'tables' | 'sequences'>;

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Writes every table of the schemas as of one moment: all connections read the one snapshot, so that no event stands in an
 * outbox and on the bus, or in neither. Work goes on meanwhile; a migration waits for the end.
 */
export async function dumpDatabase(options: DumpOptions): Promise<Dump> {
  const { url, schemas, dir } = options;
  const holder = await openSession(url);
  try {
    const tables = await listTables(holder, schemas);
    await holder.query(BEGIN);
    // Before the snapshot, which the first query takes: what it shows shall have the columns that were listed.
    await holder.query(`LOCK TABLE ${tables.map(qualified).join(', ')} IN ACCESS SHARE MODE`);
    const { rows } = await holder.query<{ id: string; now: Date; version: string }>(
      `SELECT pg_export_snapshot() AS id, clock_timestamp() AS now, current_setting('server_version') AS version`,
    );
    const [snapshot] = rows;
    if (!snapshot) throw new Error('PostgreSQL exported no snapshot');
    await options.onSnapshot?.();
    if (!isDeepStrictEqual((await listTables(holder, schemas)).map(shapeOf), tables.map(shapeOf)))
      throw new RecoveryError('A migration ran at this moment. Take the backup again.');
    const migrations = await readMigrations(holder, schemas);
    for (const schema of schemas) await mkdir(join(dir, schema), { mode: 0o700 });
    const files = await dumpTables(tables, snapshot.id, options);
    for (const schema of schemas) await syncDirectory(join(dir, schema));
    return {
      takenAt: snapshot.now.toISOString(),
      postgres: snapshot.version,
      schemas: migrations,
      tables: files,
      sequences: await listSequences(holder, schemas),
    };
  } finally {
    await holder.end();
  }
}

function shapeOf({ schema, table, into, columns }: StoredTable) {
  return { schema, table, into, columns };
}

async function readMigrations(client: pg.Client, schemas: readonly string[]): Promise<Manifest['schemas']> {
  const found: Manifest['schemas'] = [];
  for (const name of schemas) {
    const { rows } = await client.query<{ name: string; checksum: string }>(
      `SELECT name, checksum FROM ${qualified({ schema: name, table: 'schema_migrations' })} ORDER BY name`,
    );
    found.push({ name, migrations: rows });
  }
  return found;
}

async function dumpTables(
  tables: readonly StoredTable[],
  snapshot: string,
  { url, dir, jobs, onTable }: DumpOptions,
): Promise<TableFile[]> {
  const total = tables.reduce((sum, { size }) => sum + size, 0);
  // The largest first, so that none of them is what everybody waits for at the end.
  const queue = tables.toSorted((a, b) => b.size - a.size);
  const files: TableFile[] = [];
  let done = 0;
  const worker = async () => {
    const client = await openSession(url);
    try {
      await client.query(`${BEGIN}; SET TRANSACTION SNAPSHOT '${snapshot}'`);
      for (let table = queue.shift(); table; table = queue.shift()) {
        const file = await dumpTable(client, table, dir);
        files.push(file);
        done += table.size;
        onTable?.({ table: `${table.schema}.${table.table}`, rows: file.rows, done, total });
      }
    } finally {
      await client.end();
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: jobs }, worker));
  for (const result of workers) if (result.status === 'rejected') throw result.reason;
  return files.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

async function dumpTable(client: pg.Client, table: StoredTable, dir: string): Promise<TableFile> {
  const file = join(table.schema, `${table.table}.copy.gz`);
  // A query, because row-level security lets COPY read no other way.
  const source = client.query(
    copyTo(`COPY (SELECT ${columnList(table.columns)} FROM ONLY ${qualified(table)}) TO STDOUT`),
  );
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(
    source,
    createGzip({ level: constants.Z_BEST_SPEED }),
    measure,
    createWriteStream(join(dir, file), { flags: 'wx', mode: 0o600, flush: true }),
  );
  return { ...shapeOf(table), rows: source.rowCount, file, bytes, sha256: hash.digest('hex') };
}
