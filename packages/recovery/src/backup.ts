import { mkdir, readdir } from 'node:fs/promises';
import type { KafkaBusOptions } from '@aegis/bus/kafka';
import type { TopicEnd } from '@aegis/bus/kafka/positions';
import { POSTGRES_SCHEMAS } from '@aegis/migrate/postgres-schemas';
import { type DumpProgress, dumpDatabase } from './dump.ts';
import { dumpKafka, readEnds, readGroups } from './kafka-backup.ts';
import { checkOfSecretKey, type Manifest, readManifest, writeManifest } from './manifest.ts';
import { RecoveryError } from './recovery-error.ts';

export interface BackupOptions {
  readonly databaseUrl: string;
  /** Null where the bus is in PostgreSQL. */
  readonly kafka: KafkaBusOptions | null;
  /** Made when missing; must be empty. */
  readonly dir: string;
  /** AEGIS_SECRET_KEY, so that a restore can tell that it has the right one. The backup does not hold it. */
  readonly secretKeys: readonly Uint8Array[] | null;
  readonly jobs: number;
  readonly onTable?: (progress: DumpProgress) => void;
}

/** Takes a backup of all that must not be lost, while the system works. Throws RecoveryError where it cannot. */
export async function backUp({ databaseUrl, kafka, dir, secretKeys, jobs, onTable }: BackupOptions): Promise<Manifest> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if ((await readdir(dir)).length > 0) throw new RecoveryError(`${dir} is not empty. Name a new directory.`);
  const schemas = POSTGRES_SCHEMAS.map(({ schema }) => schema);
  const before = kafka && (await readGroups(kafka));
  let ends: readonly TopicEnd[] = [];
  const dump = await dumpDatabase({
    url: databaseUrl,
    schemas,
    dir,
    jobs,
    async onSnapshot() {
      if (kafka) ends = await readEnds(kafka);
    },
    ...(onTable && { onTable }),
  });
  const bus = kafka && before && (await dumpKafka(kafka, dir, before, ends));
  await writeManifest(dir, { ...dump, kafka: bus, secretKeyChecks: (secretKeys ?? []).map(checkOfSecretKey) });
  return readManifest(dir);
}
