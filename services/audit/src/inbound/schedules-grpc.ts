import { idSchema } from '@aegis/contracts/ids';
import { type ScheduleMethods, scheduleService } from '@aegis/grpc/definitions';
import type { ExportRun as RunMessage } from '@aegis/grpc/generated/aegis/audit/v1/ExportRun';
import type { Schedule as ScheduleMessage } from '@aegis/grpc/generated/aegis/audit/v1/Schedule';
import { parse } from '@aegis/grpc/requests';
import { type BoundService, bind, type Handlers } from '@aegis/grpc/server';
import type { ExportRun, Schedule, ScheduleTerms } from '../domain/export/schedule.ts';
import type { ScheduleCommand } from '../usecases/schedules/change-schedules.ts';
import { z } from 'zod';
import { pageAsked, pageOf } from './keyset-page.ts';
import { createScheduleRequest, listRunsRequest, listSchedulesRequest, scheduleRequest } from './requests.ts';

/** What can be asked about schedules. Lists are those before a key, one more than `limit` where more follow. */
export interface ScheduleOperations {
  readonly create: (command: ScheduleCommand, terms: ScheduleTerms) => Promise<Schedule>;
  readonly list: (organizationId: string, before: string | null, limit: number) => Promise<readonly Schedule[]>;
  readonly get: (organizationId: string, scheduleId: string) => Promise<Schedule>;
  readonly setStatus: (command: ScheduleCommand, status: 'active' | 'paused') => Promise<Schedule>;
  readonly remove: (command: ScheduleCommand) => Promise<void>;
  readonly listRuns: (
    organizationId: string,
    scheduleId: string,
    before: string | null,
    limit: number,
  ) => Promise<readonly ExportRun[]>;
}

/** The gRPC face of scheduled exports. */
export function schedulesGrpc(operations: ScheduleOperations): BoundService {
  const commandOf = (request: object): ScheduleCommand => {
    const { caller, scheduleId } = parse(scheduleRequest, request);
    return { ...caller, scheduleId };
  };
  const handlers: Handlers<ScheduleMethods> = {
    async createSchedule(request) {
      const { caller, scheduleId, terms } = parse(createScheduleRequest, request);
      const { bundle, ...rest } = terms;
      const part = bundle ? 'bundle' : 'records';
      return scheduleMessage(await operations.create({ ...caller, scheduleId }, { ...rest, part }));
    },

    async listSchedules(request) {
      const { caller, page: asked } = parse(listSchedulesRequest, request);
      const { limit, before } = pageAsked(asked, idSchema('exs'));
      const found = await operations.list(caller.organizationId, before, limit + 1);
      const { items, page } = pageOf(found, limit, ({ scheduleId }) => scheduleId);
      return { schedules: items.map(scheduleMessage), page };
    },

    async getSchedule(request) {
      const { organizationId, scheduleId } = commandOf(request);
      return scheduleMessage(await operations.get(organizationId, scheduleId));
    },

    pauseSchedule: async (request) => scheduleMessage(await operations.setStatus(commandOf(request), 'paused')),

    resumeSchedule: async (request) => scheduleMessage(await operations.setStatus(commandOf(request), 'active')),

    async deleteSchedule(request) {
      await operations.remove(commandOf(request));
      return {};
    },

    async listRuns(request) {
      const { caller, scheduleId, page: asked } = parse(listRunsRequest, request);
      const { limit, before } = pageAsked(asked, z.iso.date());
      const found = await operations.listRuns(caller.organizationId, scheduleId, before, limit + 1);
      const { items, page } = pageOf(found, limit, ({ periodFrom }) => periodFrom);
      return { runs: items.map(runMessage), page };
    },
  };
  return bind(scheduleService, handlers);
}

function scheduleMessage(schedule: Schedule): ScheduleMessage {
  const { name, format, standard, part, differences, cadence, timeZone, createdBy } = schedule;
  const { role, ...actor } = createdBy;
  return {
    scheduleId: schedule.scheduleId,
    terms: { name, format, standard, bundle: part === 'bundle', differences, cadence, timeZone },
    status: schedule.status,
    nextFrom: schedule.nextFrom,
    dueAt: schedule.dueAt.toISOString(),
    createdBy: { ...actor, ...(role !== null && { role }) },
    createdAt: schedule.createdAt.toISOString(),
  };
}

function runMessage(run: ExportRun): RunMessage {
  const { periodFrom, periodTo, status, attempts, nextAttemptAt, exportId, error, file, bytes, sha256 } = run;
  return {
    periodFrom,
    periodTo,
    status,
    attempts,
    ...(status !== 'completed' && { nextAttemptAt: nextAttemptAt.toISOString() }),
    ...(exportId !== null && { exportId }),
    ...(error !== null && { error }),
    ...(file !== null && { file }),
    ...(bytes !== null && { bytes: String(bytes) }),
    ...(sha256 !== null && { sha256 }),
    ...(run.completedAt !== null && { completedAt: run.completedAt.toISOString() }),
  };
}
