// Original file: aegis/audit/v1/schedules.proto

import type { ExportRunInput as _aegis_audit_v1_ExportRunInput, ExportRun as _aegis_audit_v1_ExportRun } from '../../../aegis/audit/v1/ExportRun.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListRunsResponseInput {
  'runs'?: (_aegis_audit_v1_ExportRunInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListRunsResponse {
  'runs': (_aegis_audit_v1_ExportRun)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
