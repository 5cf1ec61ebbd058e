import type { Database } from '@aegis/postgres/database';
import { createManifestKeys } from '../src/manifest-keys.ts';
import type { ExportPlace } from '../src/usecases/schedules/export-place.ts';
import type { RunDependencies } from '../src/usecases/schedules/run-export.ts';
import { exportDependencies } from './export-dependencies.ts';

const manifestKeyOf = createManifestKeys({
  origin: 'audit.example.com',
  key: null,
  previousKey: null,
  secretKeys: [Buffer.alloc(32, 7)],
  manifestKey: null,
});

/** What runs schedules, with the same keys in every process. */
export function runDependencies(database: Database, place: ExportPlace, leaseMs = 60_000): RunDependencies {
  return { ...exportDependencies(database), manifestKeyOf, place, leaseMs };
}
