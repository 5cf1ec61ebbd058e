import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { overdueSeconds } from '../../store/export-runs.ts';
import { planRuns } from './plan-runs.ts';
import { type RunDependencies, runNext } from './run-export.ts';

/** Exports every period that is over and not exported yet, one after another; other replicas take some of them. */
export async function runSchedules(dependencies: RunDependencies, signal: AbortSignal): Promise<void> {
  await planRuns(dependencies.database, signal);
  while (!signal.aborted && (await runNext(dependencies, signal)));
}

/** How long the oldest period that is over waits to be exported; 0 when none does. */
export function readOverdueSeconds(database: Database): Promise<number> {
  return database.read(ALL_ORGANIZATIONS, overdueSeconds);
}
