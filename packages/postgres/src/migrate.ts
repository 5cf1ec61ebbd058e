import { join } from 'node:path';
import pg from 'pg';
import { type AppliedMigration, MigrationError, pendingMigrations, readMigrationFiles } from './migration-files.ts';
import { ensureRole } from './role.ts';

/** Tables every service may have, shipped in `sql/<module>/`; `tenancy` (row-level security) always comes first. */
export type SchemaModule = 'outbox' | 'inbox';

export interface MigrateOptions {
  /** Connects as a user that may create schemas in this database and, the first time, roles. */
  readonly url: string;
  readonly schema: string;
  /** The role the service works under. Default `aegis_<schema>`. */
  readonly role?: string;
  /** Further roles with rights of their own in this schema, such as the one that may delete what the service may not. */
  readonly otherRoles?: readonly string[];
  /** The service's own files, `NNNN-name.sql`. They run after the modules, with `search_path` set to the schema. */
  readonly dir: string;
  readonly modules?: readonly SchemaModule[];
  /** Leaves out all other files, by the names that are remembered: for data of an earlier release, which come first. */
  readonly only?: ReadonlySet<string>;
  readonly log?: { info(fields: object, message: string): void };
}

const MODULES_DIR = join(import.meta.dirname, '../sql');
const LOCK_TIMEOUT_MS = 60_000;

/**
 * Brings one schema up to date: creates schema and role, then runs every file that has not run, each in a transaction of
 * its own. Safe to start from several processes at once. Resolves to the names of the files it ran.
 * The files say what the role may do (`GRANT … TO aegis_<service>`); it owns nothing, so it cannot switch off its policies.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { schema, role = `aegis_${schema}` } = options;
  const client = new pg.Client({
    connectionString: options.url,
    application_name: `migrate ${schema}`,
    options: `-c search_path=${schema} -c lock_timeout=${LOCK_TIMEOUT_MS} -c aegis.organization=* -c aegis.role=${role}`,
  });
  // A lost connection rejects the statement in flight; the event alone must not end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const roles = [role, ...(options.otherRoles ?? [])];
    for (const name of roles) await ensureRole(client, name);
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`aegis.migrate.${schema}`]);
    await createSchema(client, schema, roles);
    const applied: string[] = [];
    for (const module of ['tenancy', ...(options.modules ?? [])]) {
      applied.push(...(await runFiles(client, join(MODULES_DIR, module), `${module}/`, options.only)));
    }
    applied.push(...(await runFiles(client, options.dir, '', options.only)));
    if (applied.length > 0) options.log?.info({ schema, applied }, 'schema migrated');
    return applied;
  } finally {
    await client.end();
  }
}

async function createSchema(client: pg.Client, schema: string, roles: readonly string[]): Promise<void> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)};
    GRANT USAGE ON SCHEMA ${pg.escapeIdentifier(schema)} TO ${roles.join(', ')};
    CREATE TABLE IF NOT EXISTS schema_migrations (
      name       text PRIMARY KEY,
      checksum   text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
}

/** Runs what is pending in one directory; `prefix` tells a module's files from the service's own. */
async function runFiles(
  client: pg.Client,
  dir: string,
  prefix: string,
  only: ReadonlySet<string> | undefined,
): Promise<string[]> {
  const known = await client.query<AppliedMigration>(
    `SELECT substr(name, length($1) + 1) AS name, checksum FROM schema_migrations
     WHERE CASE WHEN $1 = '' THEN position('/' in name) = 0 ELSE starts_with(name, $1) END`,
    [prefix],
  );
  const files = (await readMigrationFiles(dir)).filter(({ name }) => only?.has(prefix + name) ?? true);
  const pending = pendingMigrations(files, known.rows);
  for (const { name, sql, checksum } of pending) {
    try {
      await client.query('BEGIN');
      await client.query(sql);
      await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [prefix + name, checksum]);
      await client.query('COMMIT');
    } catch (error) {
      throw new MigrationError(`${join(dir, name)}: ${describe(error, sql)}`, { cause: error });
    }
  }
  return pending.map((file) => prefix + file.name);
}

/** PostgreSQL counts the place of an error in characters from 1; people look for lines. */
function describe(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError)) return String(error);
  const line = error.position ? ` at line ${sql.slice(0, Number(error.position)).split('\n').length}` : '';
  return `${error.message}${line} (SQLSTATE ${error.code})`;
}
