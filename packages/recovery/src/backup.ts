import { mkdir, readdir } from 'node:fs/promises';
import { POSTGRES_SCHEMAS } from '@aegis/migrate/postgres-schemas';
import { type DumpProgress, dumpDatabase } from './dump.ts';
import { checkOfSecretKey, type Manifest, readManifest, writeManifest } from './manifest.ts';
import { RecoveryError } from './recovery-error.ts';

export interface BackupOptions {
  readonly databaseUrl: string;
  /** Made when missing; must be empty. */
  readonly dir: string;
  /** AEGIS_SECRET_KEY, so that a restore can tell that it has the right one. The backup does not hold it. */
  readonly secretKey: Uint8Array | null;
  readonly jobs: number;
  readonly onTable?: (progress: DumpProgress) => void;
}

/** Takes a backup of all that PostgreSQL holds, while the system works. Throws RecoveryError where it cannot. */
export async function backUp({ databaseUrl, dir, secretKey, jobs, onTable }: BackupOptions): Promise<Manifest> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if ((await readdir(dir)).length > 0) throw new RecoveryError(`${dir} is not empty. Name a new directory.`);
  const schemas = POSTGRES_SCHEMAS.map(({ schema }) => schema);
  const dump = await dumpDatabase({ url: databaseUrl, schemas, dir, jobs, ...(onTable && { onTable }) });
  await writeManifest(dir, { ...dump, secretKeyCheck: secretKey && checkOfSecretKey(secretKey) });
  return readManifest(dir);
}
