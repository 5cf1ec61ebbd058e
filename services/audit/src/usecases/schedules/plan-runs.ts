import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import { momentsOf, periodOf } from '../../domain/export/cadence.ts';
import type { Schedule } from '../../domain/export/schedule.ts';
import { insertRun } from '../../store/export-runs.ts';
import { holdDueSchedules, moveSchedule } from '../../store/export-schedules.ts';

/** Schedules moved on by one period in one transaction. */
const BATCH = 100;

/** Makes a run of every period that is over, and moves its schedule on to the next one, in the same transaction. */
export async function planRuns(database: Database, signal: AbortSignal): Promise<void> {
  for (let planned = BATCH; planned > 0 && !signal.aborted;) {
    planned = await database.tx(ALL_ORGANIZATIONS, async (tx) => {
      const due = await holdDueSchedules(tx, BATCH);
      for (const schedule of due) await plan(tx, schedule);
      return due.length;
    });
  }
}

async function plan(tx: Tx, schedule: Schedule): Promise<void> {
  const { organizationId, scheduleId, cadence, timeZone, nextFrom } = schedule;
  const period = periodOf(cadence, nextFrom);
  const { from: fromAt, to: toAt } = momentsOf(period, timeZone);
  await insertRun(tx, { organizationId, scheduleId, periodFrom: period.from, periodTo: period.to, fromAt, toAt });
  await moveSchedule(tx, schedule, period.to, momentsOf(periodOf(cadence, period.to), timeZone).to);
}
