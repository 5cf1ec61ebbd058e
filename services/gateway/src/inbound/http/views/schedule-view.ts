import type { ExportRunView, ExportScheduleView } from '@aegis/contracts/http/export-schedules';
import type { ExportRun } from '@aegis/grpc/generated/aegis/audit/v1/ExportRun';
import type { Schedule } from '@aegis/grpc/generated/aegis/audit/v1/Schedule';

export function exportScheduleView({ scheduleId, terms, createdBy, ...rest }: Schedule): ExportScheduleView {
  if (!terms || !createdBy) throw new TypeError(`the export schedule ${scheduleId} has no terms or no author`);
  const { bundle, ...told } = terms;
  return {
    id: scheduleId,
    ...(told as Pick<ExportScheduleView, keyof typeof told>),
    bundle: bundle ? 'zip' : 'none',
    status: rest.status as ExportScheduleView['status'],
    nextFrom: rest.nextFrom,
    dueAt: rest.dueAt,
    createdBy: { ...createdBy, role: createdBy.role ?? null } as ExportScheduleView['createdBy'],
    createdAt: rest.createdAt,
  };
}

export function exportRunView(run: ExportRun): ExportRunView {
  return {
    periodFrom: run.periodFrom,
    periodTo: run.periodTo,
    status: run.status as ExportRunView['status'],
    attempts: run.attempts,
    nextAttemptAt: run.nextAttemptAt ?? null,
    exportId: run.exportId ?? null,
    error: run.error ?? null,
    file: run.file ?? null,
    bytes: run.bytes === undefined ? null : Number(run.bytes),
    sha256: run.sha256 ?? null,
    completedAt: run.completedAt ?? null,
  };
}
