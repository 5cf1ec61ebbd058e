// Original file: aegis/audit/v1/schedules.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface ScheduleRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'scheduleId'?: (string);
}

export interface ScheduleRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'scheduleId': (string);
}
