// Original file: aegis/audit/v1/exports.proto

import type { ExportSummaryInput as _aegis_audit_v1_ExportSummaryInput, ExportSummary as _aegis_audit_v1_ExportSummary } from '../../../aegis/audit/v1/ExportSummary.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListExportsResponseInput {
  'exports'?: (_aegis_audit_v1_ExportSummaryInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListExportsResponse {
  'exports': (_aegis_audit_v1_ExportSummary)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
