import type { AuditSettingsView } from '@aegis/contracts/http/audit-settings';
import type { ExportSummary } from '@aegis/contracts/http/exports';
import type { AuditSettings as SettingsMessage } from '@aegis/grpc/generated/aegis/audit/v1/AuditSettings';
import type { ExportSummary as SummaryMessage } from '@aegis/grpc/generated/aegis/audit/v1/ExportSummary';

export function exportSummaryView(message: SummaryMessage): ExportSummary {
  const { generatedBy } = message;
  if (!generatedBy) throw new TypeError(`the export ${message.exportId} has no author`);
  return {
    id: message.exportId,
    format: message.format as ExportSummary['format'],
    standard: message.standard as ExportSummary['standard'],
    from: message.from ?? null,
    to: message.to ?? null,
    firstSeq: Number(message.firstSeq),
    endSeq: Number(message.endSeq),
    logSize: Number(message.logSize),
    generatedAt: message.generatedAt,
    generatedBy: { ...generatedBy, role: generatedBy.role ?? null } as ExportSummary['generatedBy'],
  };
}

export function auditSettingsView({ version, updatedAt, settingsJson }: SettingsMessage): AuditSettingsView {
  return { version, updatedAt: updatedAt ?? null, settings: JSON.parse(settingsJson) as AuditSettingsView['settings'] };
}
