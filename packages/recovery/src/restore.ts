import type { ClickHouseTarget } from '@aegis/analytics/clickhouse';
import type { KafkaBusOptions } from '@aegis/bus/kafka';
import { migratePostgres } from '@aegis/migrate/postgres-schemas';
import type { Logger } from '@aegis/runtime/log';
import { rewindAnalytics } from './bus-positions.ts';
import { assertKafkaFits, type KafkaRestored, restoreKafka } from './kafka-restore.ts';
import { loadDatabase } from './load.ts';
import { checkOfSecretKey, type Manifest, readManifest } from './manifest.ts';
import { type Rebuilt, rebuildAnalytics } from './rebuild-analytics.ts';
import { RecoveryError } from './recovery-error.ts';
import { openSession, qualified } from './session.ts';

export interface RestoreOptions {
  readonly dir: string;
  /** Holds nothing yet. */
  readonly databaseUrl: string;
  /** Null where the bus is in PostgreSQL. */
  readonly kafka: KafkaBusOptions | null;
  readonly secretKeys: readonly Uint8Array[] | null;
  readonly analytics: { readonly clickhouse: ClickHouseTarget; readonly database: string };
  readonly log: Logger;
  readonly onRows?: (done: number, total: number, table: string) => void;
  readonly onFacts?: (done: number, total: number) => void;
}

export interface Restored {
  readonly manifest: Manifest;
  readonly rows: number;
  readonly facts: Rebuilt;
  /** Null where the bus is in PostgreSQL. */
  readonly kafka: KafkaRestored | null;
}

/**
 * Puts a backup into empty stores: PostgreSQL as it was at one moment, the bus so that every event
 * which that does not have is handled (again), then the facts of analytics from the restored log. No service runs
 * meanwhile.
 *
 * @throws RecoveryError where the backup, the secret key or the stores are not what they should be
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { dir, databaseUrl, kafka, secretKeys, analytics, log } = options;
  const manifest = await readManifest(dir);
  assertSecretKeys(manifest, secretKeys);
  assertSameBus(manifest, kafka);
  if (kafka && manifest.kafka) await assertKafkaFits(kafka, manifest.kafka);
  const known = new Map(manifest.schemas.map(({ name, migrations }) => [name, new Set(migrations.map((m) => m.name))]));
  // What was written under an earlier release goes into the tables of that release; the migrations since change both.
  await migratePostgres(databaseUrl, log, (schema) => known.get(schema) ?? new Set());
  await assertMigrated(databaseUrl, manifest);
  const total = manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
  let rows = 0;
  await loadDatabase({
    url: databaseUrl,
    dir,
    manifest,
    onRows(table, loaded) {
      rows += loaded;
      options.onRows?.(rows, total, table);
    },
  });
  await migratePostgres(databaseUrl, log);
  const bus = kafka && manifest.kafka && (await restoreKafka(kafka, dir, manifest.kafka, databaseUrl));
  if (bus === null) await rewindAnalytics(databaseUrl);
  const facts = await rebuildAnalytics({
    databaseUrl,
    ...analytics,
    log,
    ...(options.onFacts && { onEntries: options.onFacts }),
  });
  return { manifest, rows, facts, kafka: bus };
}

function assertSecretKeys({ secretKeyChecks }: Manifest, secretKeys: readonly Uint8Array[] | null): void {
  if (secretKeys === null) return;
  const given = new Set(secretKeys.map(checkOfSecretKey));
  if (secretKeyChecks.every((check) => given.has(check))) return;
  throw new RecoveryError(
    'AEGIS_SECRET_KEY is not the one that this backup was taken under: the signing keys in it could not be opened. ' +
      'Set the key of that time, or all of them (npm start keeps it in secrets.json).',
  );
}

function assertSameBus({ kafka: was }: Manifest, kafka: KafkaBusOptions | null): void {
  if ((was === null) === (kafka === null)) return;
  throw new RecoveryError(
    was === null
      ? 'The backup holds the bus in PostgreSQL. Restore without KAFKA_BROKERS.'
      : 'The bus was on Kafka. Set KAFKA_BROKERS to that cluster, or to a new one.',
  );
}

/** Whether this release knows every migration of the backup, unchanged, and the database has no others. */
async function assertMigrated(databaseUrl: string, manifest: Manifest): Promise<void> {
  const session = await openSession(databaseUrl);
  try {
    for (const { name, migrations } of manifest.schemas) {
      const { rows } = await session.query<{ name: string; checksum: string }>(
        `SELECT name, checksum FROM ${qualified({ schema: name, table: 'schema_migrations' })}`,
      );
      const there = new Map(rows.map((row) => [row.name, row.checksum]));
      const missing = migrations.find((migration) => there.get(migration.name) !== migration.checksum);
      if (missing) {
        throw new RecoveryError(
          `The backup was taken under a release that had ${missing.name} of ${name}, which this one does not have so. ` +
            'Restore with that release or a later one.',
        );
      }
      if (rows.length > migrations.length) {
        throw new RecoveryError(
          `The database's schema ${name} is of a later release than the backup. Restore into an empty database.`,
        );
      }
    }
  } finally {
    await session.end();
  }
}
