import { join } from 'node:path';
import { MigrationError, pendingMigrations, readMigrationFiles } from '@aegis/postgres/migration-files';
import type { Logger } from '@aegis/runtime/log';
import type { Store } from './store/store.ts';

const DIR = join(import.meta.dirname, '../migrations');
const TIMEOUT_MS = 60_000;

const HISTORY = [
  'CREATE DATABASE IF NOT EXISTS {database:Identifier}',
  `CREATE TABLE IF NOT EXISTS {database:Identifier}.schema_migrations (
     name       String,
     checksum   String,
     applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
   )
   ENGINE = ReplacingMergeTree
   ORDER BY name`,
];

/**
 * Creates the database and runs every migration that has not run, in order. Resolves to the names of those it ran.
 *
 * ClickHouse has neither transactions around DDL nor a lock to take: a file that failed half-way runs again from its
 * start, and two processes may run one at once, so every statement must bear repetition (`IF NOT EXISTS`).
 */
export async function migrateAnalytics(store: Store, log: Logger): Promise<string[]> {
  for (const statement of HISTORY) await command(store, statement);
  const applied: string[] = [];
  for (const { name, sql, checksum } of pendingMigrations(await readMigrationFiles(DIR), await history(store))) {
    try {
      for (const statement of statements(sql)) await command(store, statement);
    } catch (error) {
      throw new MigrationError(`${join(DIR, name)}: ${String(error)}`, { cause: error });
    }
    await command(
      store,
      'INSERT INTO {database:Identifier}.schema_migrations (name, checksum) SELECT {name:String}, {checksum:String}',
      { name, checksum },
    );
    applied.push(name);
  }
  if (applied.length > 0) log.info({ database: store.database, applied }, 'ClickHouse migrated');
  return applied;
}

/** ClickHouse takes one statement at a time; a semicolon at the end of a line ends one. */
function statements(sql: string): string[] {
  return sql
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter(Boolean);
}

async function history({ clickhouse, database }: Store): Promise<{ name: string; checksum: string }[]> {
  const result = await clickhouse.query({
    query: 'SELECT name, checksum FROM {database:Identifier}.schema_migrations FINAL ORDER BY name',
    query_params: { database },
    format: 'JSONEachRow',
    abort_signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return result.json();
}

async function command({ clickhouse, database }: Store, query: string, parameters: Record<string, string> = {}) {
  await clickhouse.command({
    query,
    query_params: { database, ...parameters },
    abort_signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
