import {
  createExportScheduleBody,
  exportRunListSchema,
  exportScheduleListSchema,
  exportScheduleParams,
  exportScheduleSchema,
  listExportSchedulesQuery,
} from '@aegis/contracts/http/export-schedules';
import { type Route, route } from '@aegis/http/route';
import type { PolicyClient, ScheduleClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { pageRequest, paginationOf } from './pages.ts';
import { exportRunView, exportScheduleView } from './views/schedule-view.ts';

export interface ExportScheduleRoutesDeps {
  readonly schedules: Omit<ScheduleClient, 'close'>;
  /** Knows the organisation's time zone. */
  readonly policy: Pick<PolicyClient, 'getOrganization'>;
}

const tag = 'Audit';
const PATH = '/v1/audit/export-schedules';
const params = exportScheduleParams;
const answer = { description: 'The schedule.', schema: exportScheduleSchema };

export function exportScheduleRoutes(deps: ExportScheduleRoutesDeps): Route[] {
  return [
    createRoute(deps),
    listRoute(deps),
    getRoute(deps),
    statusRoute(deps, 'pause', {
      summary: 'Pause an export schedule',
      description: 'Nothing is exported by it until it is resumed.',
    }),
    statusRoute(deps, 'resume', {
      summary: 'Resume an export schedule',
      description: 'The periods that ended meanwhile are exported now, one after another.',
    }),
    deleteRoute(deps),
    runsRoute(deps),
  ];
}

function createRoute({ schedules, policy }: ExportScheduleRoutesDeps): Route {
  return route({
    method: 'post',
    path: PATH,
    operationId: 'createExportSchedule',
    tag,
    summary: 'Schedule an export',
    description:
      'Exports each period of the calendar once, into the directory that whoever runs the system has set, beginning with the period under way. Each bundle proves that the log only grew since the one before.',
    access: 'audit:export',
    body: createExportScheduleBody,
    responses: {
      201: answer,
      409: { description: 'No directory is set, or there are a hundred schedules.' },
    },
    async handle({ principal, body, idempotency }) {
      const caller = callerOf(principal);
      const { bundle, timeZone, ...terms } = body;
      const schedule = await schedules.createSchedule({
        caller,
        scheduleId: `exs_${idempotency.seed.replaceAll('-', '')}`,
        terms: {
          ...terms,
          bundle: bundle === 'zip',
          timeZone: timeZone ?? (await policy.getOrganization({ caller })).timeZone,
        },
      });
      const view = exportScheduleView(schedule);
      return { status: 201, headers: { location: `${PATH}/${view.id}` }, body: view };
    },
  });
}

function listRoute({ schedules }: ExportScheduleRoutesDeps): Route {
  return route({
    method: 'get',
    path: PATH,
    operationId: 'listExportSchedules',
    tag,
    summary: 'List export schedules',
    description: 'The newest first; those that were deleted are not in it.',
    access: 'audit:read',
    query: listExportSchedulesQuery,
    responses: { 200: { description: 'A page of schedules.', schema: exportScheduleListSchema } },
    async handle({ principal, query }) {
      const found = await schedules.listSchedules({ caller: callerOf(principal), page: pageRequest(query) });
      const data = found.schedules.map(exportScheduleView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, found.page) } };
    },
  });
}

function getRoute({ schedules }: ExportScheduleRoutesDeps): Route {
  return route({
    method: 'get',
    path: `${PATH}/:id`,
    operationId: 'getExportSchedule',
    tag,
    summary: 'Get an export schedule',
    description: 'What it exports, and which period comes next.',
    access: 'audit:read',
    params,
    responses: { 200: answer },
    async handle({ principal, params: { id } }) {
      const schedule = await schedules.getSchedule({ caller: callerOf(principal), scheduleId: id });
      return { status: 200, body: exportScheduleView(schedule) };
    },
  });
}

function statusRoute(
  { schedules }: ExportScheduleRoutesDeps,
  verb: 'pause' | 'resume',
  texts: { readonly summary: string; readonly description: string },
): Route {
  return route({
    method: 'post',
    path: `${PATH}/:id/${verb}`,
    operationId: `${verb}ExportSchedule`,
    tag,
    ...texts,
    access: 'audit:export',
    params,
    responses: { 200: answer },
    async handle({ principal, params: { id } }) {
      const request = { caller: callerOf(principal), scheduleId: id };
      const schedule = await (verb === 'pause' ? schedules.pauseSchedule(request) : schedules.resumeSchedule(request));
      return { status: 200, body: exportScheduleView(schedule) };
    },
  });
}

function deleteRoute({ schedules }: ExportScheduleRoutesDeps): Route {
  return route({
    method: 'delete',
    path: `${PATH}/:id`,
    operationId: 'deleteExportSchedule',
    tag,
    summary: 'Delete an export schedule',
    description: 'Nothing is exported by it any more; its files, and its entries in the log, stay.',
    access: 'audit:export',
    params,
    responses: { 204: { description: 'It is deleted.' } },
    async handle({ principal, params: { id } }) {
      await schedules.deleteSchedule({ caller: callerOf(principal), scheduleId: id });
      return { status: 204 };
    },
  });
}

function runsRoute({ schedules }: ExportScheduleRoutesDeps): Route {
  return route({
    method: 'get',
    path: `${PATH}/:id/runs`,
    operationId: 'listExportRuns',
    tag,
    summary: 'List the runs of an export schedule',
    description: 'One a period, the latest first: its file and digest, or why it failed and when it is tried again.',
    access: 'audit:read',
    params,
    query: listExportSchedulesQuery,
    responses: { 200: { description: 'A page of runs.', schema: exportRunListSchema } },
    async handle({ principal, params: { id }, query }) {
      const request = { caller: callerOf(principal), scheduleId: id, page: pageRequest(query) };
      const found = await schedules.listRuns(request);
      const data = found.runs.map(exportRunView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, found.page) } };
    },
  });
}
