import { auditSettingsSchema, auditSettingsViewSchema } from '@aegis/contracts/http/audit-settings';
import {
  exportAuditQuery,
  exportListSchema,
  exportParams,
  isDateAlone,
  listExportsQuery,
  manifestKeySchema,
} from '@aegis/contracts/http/exports';
import { ProblemError } from '@aegis/contracts/problems';
import type { ExportChunk } from '@aegis/grpc/generated/aegis/audit/v1/ExportChunk';
import type { ExportFile } from '@aegis/grpc/generated/aegis/audit/v1/ExportFile';
import { problemReply } from '@aegis/http/problem';
import { type Reply, type Route, route } from '@aegis/http/route';
import type { AuditClient, ExportClient } from '../../clients.ts';
import { startOfDay } from '@aegis/contracts/start-of-day';
import { byteRange } from './byte-range.ts';
import { callerOf } from './caller.ts';
import { pageRequest, paginationOf } from './pages.ts';
import { startStream } from './start-stream.ts';
import { STREAM_TIMEOUT_MS } from './stream-lines.ts';
import { auditSettingsView, exportSummaryView } from './views/export-view.ts';

export interface ExportRoutesDeps {
  readonly audit: Pick<AuditClient, 'export'>;
  readonly exports: Pick<
    ExportClient,
    'listExports' | 'exportAgain' | 'getManifestKey' | 'getSettings' | 'putSettings'
  >;
}

const tag = 'Audit';

const FILE_HEADERS = {
  'Content-Disposition': 'A file name for the download.',
  'X-Export-Id': 'Names the export in the log, where `export.completed` holds the digest of these bytes.',
  Link: '`rel="describedby"`: the bundle of the same export, with its signed manifest.',
};

export function exportRoutes(deps: ExportRoutesDeps): Route[] {
  return [
    exportRoute(deps),
    listRoute(deps),
    againRoute(deps, 'records'),
    againRoute(deps, 'bundle'),
    manifestKeyRoute(deps),
    getSettingsRoute(deps),
    putSettingsRoute(deps),
  ];
}

function exportRoute({ audit }: ExportRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/export',
    operationId: 'exportAudit',
    tag,
    summary: 'Export the audit trail',
    description:
      'Streams the records with the columns of the standard, or the whole bundle. The log is verified first, and its intents are compared with those of the operational database: one that fails is not exported.',
    access: 'audit:export',
    query: exportAuditQuery,
    streams: true,
    responses: {
      200: {
        description: 'The records, as JSON or as CSV (RFC 4180), or a ZIP.',
        contentType: 'application/json, text/csv, application/zip',
        headers: FILE_HEADERS,
      },
      409: { description: 'The log failed its own check, or it and the operational database do not agree.' },
    },
    async handle(context) {
      const { principal, query } = context;
      const { format, standard, from, to, tz, bundle, bom, prior, type, actor, subject, intentId, differences } = query;
      const chunks = audit.export(
        {
          caller: callerOf(principal),
          format,
          standard,
          tz,
          bundle: bundle === 'zip',
          bom: bom ?? false,
          differences,
          ...(from === undefined ? {} : { from: instantOf(from, tz) }),
          ...(to === undefined ? {} : { to: instantOf(to, tz) }),
          ...(prior === undefined ? {} : { prior }),
          ...(type === undefined ? {} : { type }),
          ...(actor === undefined ? {} : { actorId: actor }),
          ...(subject === undefined ? {} : { subjectId: subject }),
          ...(intentId === undefined ? {} : { intentId }),
        },
        { timeoutMs: STREAM_TIMEOUT_MS, signal: context.signal },
      );
      const { file, bytes } = await startFile(chunks);
      return fileReply(file, bytes, { status: 200, headers: {} });
    },
  });
}

function instantOf(bound: string, tz: string): string {
  return (isDateAlone(bound) ? startOfDay(bound, tz) : new Date(bound)).toISOString();
}

function listRoute({ exports }: ExportRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/exports',
    operationId: 'listAuditExports',
    tag,
    summary: 'List exports',
    description: 'What was exported, by whom, newest first; each can be fetched again.',
    access: 'audit:read',
    query: listExportsQuery,
    responses: { 200: { description: 'A page of exports.', schema: exportListSchema } },
    async handle({ principal, query }) {
      const found = await exports.listExports({ caller: callerOf(principal), page: pageRequest(query) });
      const data = found.exports.map(exportSummaryView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, found.page) } };
    },
  });
}

function againRoute({ exports }: ExportRoutesDeps, part: 'records' | 'bundle'): Route {
  return route({
    method: 'get',
    path: `/v1/audit/exports/:id/${part}`,
    operationId: part === 'records' ? 'getExportRecords' : 'getExportBundle',
    tag,
    summary: part === 'records' ? 'Fetch the records of an export again' : 'Fetch the bundle of an export',
    description:
      'The same bytes each time, unless personal data were erased since (409). `Range: bytes=N-` resumes a download that broke off.',
    access: 'audit:export',
    params: exportParams,
    streams: true,
    responses: {
      200: {
        description: 'The file.',
        contentType: 'application/json, text/csv, application/zip',
        headers: FILE_HEADERS,
      },
      206: {
        description: 'The file from the byte asked for.',
        headers: { 'Content-Range': 'Which bytes of how many.' },
      },
      409: { description: 'The log failed its own check, or personal data were erased since.' },
      416: {
        description:
          'No byte is left from the one asked for on: whoever has as many as `Content-Range` says has the file.',
        headers: { 'Content-Range': '`bytes */N`: the file has N bytes.' },
      },
    },
    async handle(context) {
      const { principal, params } = context;
      const from = byteRange(context.range);
      const chunks = exports.exportAgain(
        { caller: callerOf(principal), exportId: params.id, part, fromByte: String(from ?? 0) },
        { timeoutMs: STREAM_TIMEOUT_MS, signal: context.signal },
      );
      const { file, bytes } = await startFile(chunks);
      const totalBytes = Number(file.totalBytes);
      if (from !== null && from >= totalBytes) return refuseRange(bytes, totalBytes, context.requestId);
      return fileReply(file, bytes, rangeReply(from, totalBytes));
    },
  });
}

interface ReplyHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

function rangeReply(from: number | null, totalBytes: number): ReplyHead {
  const headers = { 'accept-ranges': 'bytes', 'content-length': String(totalBytes - (from ?? 0)) };
  if (from === null) return { status: 200, headers };
  return { status: 206, headers: { ...headers, 'content-range': `bytes ${from}-${totalBytes - 1}/${totalBytes}` } };
}

/**
 * RFC 9110, section 15.5.17. The export refuses the range itself once it has told the length, and records that; one of the
 * release before just ends.
 */
async function refuseRange(bytes: AsyncIterable<Uint8Array>, totalBytes: number, requestId: string): Promise<Reply> {
  try {
    for await (const _ of bytes);
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'range_not_satisfiable')) throw error;
  }
  const refusal = new ProblemError(
    'range_not_satisfiable',
    `the file has ${totalBytes} bytes: ask for fewer, or for all`,
  );
  return problemReply(refusal, requestId, { 'content-range': `bytes */${totalBytes}` });
}

async function startFile(chunks: AsyncIterable<ExportChunk>) {
  const { first, bytes } = await startStream(chunks, ({ content }) => content);
  const file = first?.file;
  if (!file) throw new ProblemError('internal', 'the export began without its name');
  return { file, bytes };
}

function fileReply(file: ExportFile, bytes: AsyncIterable<Uint8Array>, { status, headers }: ReplyHead): Reply {
  return { status, headers: { ...headers, ...fileHeaders(file) }, stream: bytes };
}

function fileHeaders({ mediaType, name, exportId }: ExportFile): Record<string, string> {
  return {
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
    'x-export-id': exportId,
    link: `</v1/audit/exports/${exportId}/bundle>; rel="describedby"; type="application/zip"`,
  };
}

function manifestKeyRoute({ exports }: ExportRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/manifest-key',
    operationId: 'getManifestKey',
    tag,
    summary: 'Get the key of manifests',
    description: 'The public key that manifests are signed with. Whoever receives exports gets it out of band.',
    access: 'audit:read',
    responses: { 200: { description: 'A JSON Web Key.', schema: manifestKeySchema } },
    async handle({ principal }) {
      const { jwkJson } = await exports.getManifestKey({ caller: callerOf(principal) });
      return { status: 200, body: JSON.parse(jwkJson) as unknown };
    },
  });
}

function getSettingsRoute({ exports }: ExportRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/settings',
    operationId: 'getAuditSettings',
    tag,
    summary: 'Get the audit settings',
    description: 'What exports say of your duties; what is absent is listed under `gaps` in their manifests.',
    access: 'audit:read',
    responses: { 200: { description: 'The settings and their version.', schema: auditSettingsViewSchema } },
    async handle({ principal }) {
      return { status: 200, body: auditSettingsView(await exports.getSettings({ caller: callerOf(principal) })) };
    },
  });
}

function putSettingsRoute({ exports }: ExportRoutesDeps): Route {
  return route({
    method: 'put',
    path: '/v1/audit/settings',
    operationId: 'putAuditSettings',
    tag,
    summary: 'Replace the audit settings',
    description: 'Holds for exports from now on. The log records what changed.',
    access: 'org:manage',
    body: auditSettingsSchema,
    responses: { 200: { description: 'The settings and their version.', schema: auditSettingsViewSchema } },
    async handle({ principal, body }) {
      const request = { caller: callerOf(principal), settingsJson: JSON.stringify(body) };
      return { status: 200, body: auditSettingsView(await exports.putSettings(request)) };
    },
  });
}
