// Original file: aegis/audit/v1/schedules.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { ScheduleTermsInput as _aegis_audit_v1_ScheduleTermsInput, ScheduleTerms as _aegis_audit_v1_ScheduleTerms } from '../../../aegis/audit/v1/ScheduleTerms.ts';

export interface CreateScheduleRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'scheduleId'?: (string);
  'terms'?: (_aegis_audit_v1_ScheduleTermsInput | null);
}

export interface CreateScheduleRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'scheduleId': (string);
  'terms': (_aegis_audit_v1_ScheduleTerms | null);
}
