// Original file: aegis/audit/v1/schedules.proto

import type { ScheduleInput as _aegis_audit_v1_ScheduleInput, Schedule as _aegis_audit_v1_Schedule } from '../../../aegis/audit/v1/Schedule.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListSchedulesResponseInput {
  'schedules'?: (_aegis_audit_v1_ScheduleInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListSchedulesResponse {
  'schedules': (_aegis_audit_v1_Schedule)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
