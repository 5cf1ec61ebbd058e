import type { Actor } from '@aegis/contracts/actor';
import { ProblemError } from '@aegis/contracts/problems';
import { databaseTime } from '@aegis/postgres/database-time';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { NextSalt } from '../../domain/entry.ts';
import { dateIn, momentsOf, periodOf } from '../../domain/export/cadence.ts';
import type { Schedule, ScheduleTerms } from '../../domain/export/schedule.ts';
import { countSchedules, insertSchedule, selectSchedule, updateScheduleStatus } from '../../store/export-schedules.ts';
import { recordOwnEvent } from '../record-own-event.ts';

export interface ScheduleDependencies {
  readonly database: Database;
  readonly nextSalt: NextSalt;
  readonly clock: Clock;
  /** Whether there is a place to put files; without one, nothing can be scheduled. */
  readonly hasPlace: boolean;
}

export interface ScheduleCommand {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly scheduleId: string;
}

/** Each makes files for as long as it stands. */
export const MAX_SCHEDULES = 100;

/**
 * Begins a schedule with the period that is under way. The same id again changes nothing.
 *
 * @throws ProblemError `wrong_state` without a place to put files, or beyond `MAX_SCHEDULES`
 */
export async function createSchedule(
  dependencies: ScheduleDependencies,
  { organizationId, actor, scheduleId }: ScheduleCommand,
  terms: ScheduleTerms,
): Promise<Schedule> {
  const { database, hasPlace } = dependencies;
  if (!hasPlace) {
    throw new ProblemError(
      'wrong_state',
      'there is nowhere to put files: whoever runs the system sets AUDIT_EXPORT_DIR',
    );
  }
  const { schedule, isNew } = await database.tx({ organizationId }, async (tx) => {
    const known = await selectSchedule(tx, organizationId, scheduleId);
    if (known) return { schedule: known, isNew: false };
    if ((await countSchedules(tx, organizationId)) >= MAX_SCHEDULES) {
      throw new ProblemError('wrong_state', `there are ${MAX_SCHEDULES} schedules: delete one first`);
    }
    const { from, to } = periodOf(terms.cadence, dateIn(terms.timeZone, await databaseTime(tx)));
    const dueAt = momentsOf({ from, to }, terms.timeZone).to;
    await insertSchedule(tx, { ...terms, organizationId, scheduleId, nextFrom: from, dueAt, createdBy: actor });
    return { schedule: await existing(selectSchedule(tx, organizationId, scheduleId)), isNew: true };
  });
  if (isNew) {
    const { name: _, ...told } = terms;
    const data = { scheduleId, ...told, from: schedule.nextFrom };
    await record(dependencies, { organizationId, actor, scheduleId }, 'export_schedule.created', data);
  }
  return schedule;
}

/** @throws ProblemError `not_found` */
export async function setScheduleStatus(
  dependencies: ScheduleDependencies,
  command: ScheduleCommand,
  status: 'active' | 'paused',
): Promise<Schedule> {
  const { schedule, changed } = await change(dependencies, command, status);
  const { scheduleId } = command;
  const type = status === 'paused' ? 'export_schedule.paused' : 'export_schedule.resumed';
  if (changed) await record(dependencies, command, type, { scheduleId });
  return { ...schedule, status };
}

/** Nothing is exported by it any more; what it exported stays. @throws ProblemError `not_found` */
export async function deleteSchedule(dependencies: ScheduleDependencies, command: ScheduleCommand): Promise<void> {
  await change(dependencies, command, 'deleted');
  await record(dependencies, command, 'export_schedule.deleted', { scheduleId: command.scheduleId });
}

function change(
  { database }: ScheduleDependencies,
  { organizationId, scheduleId }: ScheduleCommand,
  status: 'active' | 'paused' | 'deleted',
): Promise<{ schedule: Schedule; changed: boolean }> {
  return database.tx({ organizationId }, async (tx) => ({
    schedule: await existing(selectSchedule(tx, organizationId, scheduleId)),
    changed: await updateScheduleStatus(tx, organizationId, scheduleId, status),
  }));
}

/** @throws ProblemError `not_found` */
export async function existing(found: Promise<Schedule | null>): Promise<Schedule> {
  const schedule = await found;
  if (schedule === null) throw new ProblemError('not_found', 'no such export schedule');
  return schedule;
}

type ScheduleEvent =
  | 'export_schedule.created'
  | 'export_schedule.paused'
  | 'export_schedule.resumed'
  | 'export_schedule.deleted';

function record<T extends ScheduleEvent>(
  { database, nextSalt, clock }: ScheduleDependencies,
  { organizationId, actor, scheduleId }: ScheduleCommand,
  type: T,
  data: Parameters<typeof recordOwnEvent<T>>[2]['data'],
): Promise<string> {
  const event = { type, organizationId, subject: scheduleId, actor, time: clock.now(), causationId: null, data };
  return recordOwnEvent(database, nextSalt, event);
}
