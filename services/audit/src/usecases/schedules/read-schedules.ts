import type { Database } from '@aegis/postgres/database';
import type { ExportRun, Schedule } from '../../domain/export/schedule.ts';
import { selectRuns } from '../../store/export-runs.ts';
import { selectSchedule, selectSchedules } from '../../store/export-schedules.ts';
import { existing } from './change-schedules.ts';

/** @throws ProblemError `not_found` */
export function getSchedule(database: Database, organizationId: string, scheduleId: string): Promise<Schedule> {
  return database.read({ organizationId }, (tx) => existing(selectSchedule(tx, organizationId, scheduleId)));
}

/** Newest first, those before the one named. */
export function listSchedules(
  database: Database,
  organizationId: string,
  before: string | null,
  limit: number,
): Promise<readonly Schedule[]> {
  return database.read({ organizationId }, (tx) => selectSchedules(tx, organizationId, before, limit));
}

/** The latest period first, those before the one named. @throws ProblemError `not_found` */
export function listRuns(
  database: Database,
  organizationId: string,
  scheduleId: string,
  before: string | null,
  limit: number,
): Promise<readonly ExportRun[]> {
  return database.read({ organizationId }, async (tx) => {
    await existing(selectSchedule(tx, organizationId, scheduleId));
    return selectRuns(tx, organizationId, scheduleId, before, limit);
  });
}
