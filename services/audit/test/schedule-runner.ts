import { createDatabase } from '@aegis/postgres/database';
import { createLogger } from '@aegis/runtime/log';
import { exportDirectory } from '../src/export-directory.ts';
import { auditMigrations } from '../src/migrations.ts';
import type { ExportPlace } from '../src/usecases/schedules/export-place.ts';
import { runSchedules } from '../src/usecases/schedules/run-schedules.ts';
import { runDependencies } from './run-dependencies.ts';

/**
 * A replica to be killed: `node schedule-runner.ts <database url> <directory> <lease ms> <halt>`. It runs what is due and
 * ends. With a halt it stands still for ever at that point of its first file: `before` the file takes its name, or
 * `after` it did and nobody was told.
 */
const [url = '', directory = '', leaseMs = '1000', halt = 'never'] = process.argv.slice(2);
const log = createLogger({ name: 'runner', level: 'silent' });
const database = createDatabase({ ...auditMigrations, url, log });

async function standStill(): Promise<never> {
  process.stdout.write('halted\n');
  // Keeps the process alive.
  setInterval(() => undefined, 1_000);
  return new Promise<never>(() => undefined);
}

const place = exportDirectory(directory);
const halting: ExportPlace = {
  digest: place.digest,
  async write(file, content, confirm) {
    const written = await place.write(file, content, halt === 'before' ? standStill : confirm);
    return halt === 'after' ? standStill() : written;
  },
};

process.stdout.write('started\n');
await runSchedules(runDependencies(database, halting, Number(leaseMs)), new AbortController().signal);
await database.close();
