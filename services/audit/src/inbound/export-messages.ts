import type { ExportChunk } from '@aegis/grpc/generated/aegis/audit/v1/ExportChunk';
import type { ExportSummary } from '@aegis/grpc/generated/aegis/audit/v1/ExportSummary';
import { parse } from '@aegis/grpc/requests';
import { exportBytes } from '@aegis/runtime/domain-metrics';
import type { ExportDefinition } from '../domain/export/definition.ts';
import type { ExportHead, ExportPiece, NewExport } from '../usecases/export/export-log.ts';
import { exportRequest } from './requests.ts';

const MEDIA_TYPES = { json: 'application/json', csv: 'text/csv; charset=utf-8; header=present' } as const;

/** @throws ProblemError `invalid_request` */
export function newExport(request: object): NewExport {
  const {
    caller,
    format,
    standard,
    tz,
    bundle,
    bom,
    prior = null,
    differences,
    ...asked
  } = parse(exportRequest, request);
  const { type, actorId, subjectId, intentId } = asked;
  const filter = {
    ...(type !== undefined && { type }),
    ...(actorId !== undefined && { actor_id: actorId }),
    ...(subjectId !== undefined && { subject_id: subjectId }),
    ...(intentId !== undefined && { intent_id: intentId }),
  };
  return {
    ...caller,
    part: bundle ? 'bundle' : 'records',
    prior,
    onDifference: differences,
    query: {
      format,
      standard,
      from: asked.from?.toISOString() ?? null,
      to: asked.to?.toISOString() ?? null,
      tz,
      bom: bom && format === 'csv',
      filter: Object.keys(filter).length === 0 ? null : filter,
    },
  };
}

export async function* exportChunks(pieces: AsyncIterable<ExportPiece>): AsyncGenerator<ExportChunk> {
  let labels: Readonly<Record<string, string>> = {};
  for await (const piece of pieces) {
    if ('content' in piece) {
      exportBytes.add(piece.content.length, labels);
      yield { content: piece.content, file: null };
    } else {
      const { format, standard } = piece.definition.query;
      labels = { format, standard };
      yield { content: Buffer.alloc(0), file: fileMessage(piece) };
    }
  }
}

function fileMessage({ definition, part, totalBytes }: ExportHead): NonNullable<ExportChunk['file']> {
  const { exportId, query } = definition;
  const isBundle = part === 'bundle';
  return {
    exportId,
    name: `aegis-audit-${query.standard}-${exportId}.${isBundle ? 'zip' : query.format}`,
    mediaType: isBundle ? 'application/zip' : MEDIA_TYPES[query.format],
    ...(totalBytes !== null && { totalBytes: String(totalBytes) }),
  };
}

export function summaryMessage({
  exportId,
  query,
  range,
  log,
  generatedAt,
  generatedBy,
}: ExportDefinition): ExportSummary {
  const { type, id, role, authMethod } = generatedBy;
  return {
    exportId,
    format: query.format,
    standard: query.standard,
    ...(query.from !== null && { from: query.from }),
    ...(query.to !== null && { to: query.to }),
    firstSeq: String(range.begin),
    endSeq: String(range.end),
    logSize: String(log.size),
    generatedAt,
    generatedBy: { type, id, authMethod, ...(role !== null && { role }) },
  };
}
