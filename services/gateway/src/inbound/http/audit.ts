import {
  auditListSchema,
  listAuditQuery,
  timelineParams,
  timelineQuery,
  timelineSchema,
  verifyProgressSchema,
} from '@aegis/contracts/http/audit';
import { type Route, route } from '@aegis/http/route';
import type { AuditClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { pageRequest, paginationOf } from './pages.ts';
import { STREAM_TIMEOUT_MS, streamLines } from './stream-lines.ts';
import { auditEntryView, timelineEntryView, verifyProgressView } from './views/audit-view.ts';

export interface AuditRoutesDeps {
  readonly audit: Pick<AuditClient, 'listEntries' | 'listTimeline' | 'verify'>;
}

const tag = 'Audit';

export function auditRoutes(deps: AuditRoutesDeps): Route[] {
  return [listRoute(deps), timelineRoute(deps), verifyRoute(deps)];
}

function listRoute({ audit }: AuditRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit',
    operationId: 'listAuditEntries',
    tag,
    summary: 'List audit entries',
    description: 'Each carries its checksum and that of the entry before: a chain that anyone can verify.',
    access: 'audit:read',
    query: listAuditQuery,
    responses: { 200: { description: 'A page of entries, newest first.', schema: auditListSchema } },
    async handle({ principal, query }) {
      const { type, actor, subject, intentId, q, from, to } = query;
      const { entries, page } = await audit.listEntries({
        caller: callerOf(principal),
        page: pageRequest(query),
        ...(type === undefined ? {} : { type }),
        ...(actor === undefined ? {} : { actorId: actor }),
        ...(subject === undefined ? {} : { subjectId: subject }),
        ...(intentId === undefined ? {} : { intentId }),
        ...(q === undefined ? {} : { text: q }),
        ...range(from, to),
      });
      const data = entries.map(auditEntryView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, page) } };
    },
  });
}

function timelineRoute({ audit }: AuditRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/intents/:id/timeline',
    operationId: 'getIntentTimeline',
    tag,
    summary: 'Get the timeline of an intent',
    description:
      'All that was recorded about one intent in the order in which it happened, from its submission to its settlement; `seq` is the order of recording. Each entry says where its proof is. What was erased is named, and its entry still proves.',
    access: 'audit:read',
    params: timelineParams,
    query: timelineQuery,
    responses: {
      200: {
        description: 'A page of entries, the first that happened first; `total` is null.',
        schema: timelineSchema,
      },
    },
    async handle({ principal, params, query }) {
      const request = { caller: callerOf(principal), intentId: params.id, page: pageRequest(query) };
      const { entries, page } = await audit.listTimeline(request);
      const data = entries.map(timelineEntryView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, page) } };
    },
  });
}

function verifyRoute({ audit }: AuditRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/verify',
    operationId: 'verifyAudit',
    tag,
    summary: 'Verify the whole log',
    description:
      'Reads the log again and recomputes every checksum. Lines of JSON tell the progress; the last one, with `done`, the result.',
    access: 'audit:read',
    streams: true,
    responses: {
      200: {
        description: 'Progress, line by line.',
        contentType: 'application/x-ndjson',
        schema: verifyProgressSchema,
      },
    },
    async handle(context) {
      const { principal } = context;
      const progress = audit.verify(
        { caller: callerOf(principal) },
        { timeoutMs: STREAM_TIMEOUT_MS, signal: context.signal },
      );
      return streamLines(progress, verifyProgressView);
    },
  });
}

function range(from: Date | undefined, to: Date | undefined): { from?: string; to?: string } {
  return { ...(from ? { from: from.toISOString() } : {}), ...(to ? { to: to.toISOString() } : {}) };
}
