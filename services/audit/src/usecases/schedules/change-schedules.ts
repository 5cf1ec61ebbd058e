import type { Actor } from '@aegis/contracts/actor';
import { ProblemError } from '@aegis/contracts/problems';
import { databaseTime } from '@aegis/postgres/database-time';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { NextSalt, PendingEntry } from '../../domain/entry.ts';
import { dateIn, momentsOf, periodOf } from '../../domain/export/cadence.ts';
import type { Schedule, ScheduleTerms } from '../../domain/export/schedule.ts';
import { countSchedules, insertSchedule, selectSchedule, updateScheduleStatus } from '../../store/export-schedules.ts';
import { appendWith } from '../append-entries.ts';
import { type OwnEvent, ownEntry } from '../record-own-event.ts';

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
  command: ScheduleCommand,
  terms: ScheduleTerms,
): Promise<Schedule> {
  const { database, hasPlace } = dependencies;
  const { organizationId, actor, scheduleId } = command;
  if (!hasPlace) {
    throw new ProblemError(
      'wrong_state',
      'there is nowhere to put files: whoever runs the system sets AUDIT_EXPORT_DIR',
    );
  }
  const { value } = await appendWith(database, { organizationId }, async (tx) => {
    const known = await selectSchedule(tx, organizationId, scheduleId);
    if (known) return { value: known, entries: [] };
    if ((await countSchedules(tx, organizationId)) >= MAX_SCHEDULES) {
      throw new ProblemError('wrong_state', `there are ${MAX_SCHEDULES} schedules: delete one first`);
    }
    const { from, to } = periodOf(terms.cadence, dateIn(terms.timeZone, await databaseTime(tx)));
    const dueAt = momentsOf({ from, to }, terms.timeZone).to;
    const begun = { ...terms, organizationId, scheduleId, nextFrom: from, dueAt, createdBy: actor };
    const isNew = await insertSchedule(tx, begun);
    const { name: _, ...told } = terms;
    const data = { scheduleId, ...told, from };
    return {
      value: await existing(selectSchedule(tx, organizationId, scheduleId)),
      entries: isNew ? [entryOf(dependencies, command, 'export_schedule.created', data)] : [],
    };
  });
  return value;
}

/** @throws ProblemError `not_found` */
export async function setScheduleStatus(
  dependencies: ScheduleDependencies,
  command: ScheduleCommand,
  status: 'active' | 'paused',
): Promise<Schedule> {
  const type = status === 'paused' ? 'export_schedule.paused' : 'export_schedule.resumed';
  return { ...(await change(dependencies, command, status, type)), status };
}

/** Nothing is exported by it any more; what it exported stays. @throws ProblemError `not_found` */
export async function deleteSchedule(dependencies: ScheduleDependencies, command: ScheduleCommand): Promise<void> {
  await change(dependencies, command, 'deleted', 'export_schedule.deleted');
}

/** Resolves to the schedule before. One that has the status already is left as it is, and nothing is told. */
async function change(
  dependencies: ScheduleDependencies,
  command: ScheduleCommand,
  status: 'active' | 'paused' | 'deleted',
  type: Exclude<ScheduleEvent, 'export_schedule.created'>,
): Promise<Schedule> {
  const { organizationId, scheduleId } = command;
  const { value } = await appendWith(dependencies.database, { organizationId }, async (tx) => {
    const before = await existing(selectSchedule(tx, organizationId, scheduleId));
    const isChanged = await updateScheduleStatus(tx, organizationId, scheduleId, status);
    return { value: before, entries: isChanged ? [entryOf(dependencies, command, type, { scheduleId })] : [] };
  });
  return value;
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

function entryOf<T extends ScheduleEvent>(
  { nextSalt, clock }: ScheduleDependencies,
  { organizationId, actor, scheduleId }: ScheduleCommand,
  type: T,
  data: OwnEvent<T>['data'],
): PendingEntry {
  const event = { type, organizationId, subject: scheduleId, actor, time: clock.now(), causationId: null, data };
  return ownEntry(nextSalt, event);
}
