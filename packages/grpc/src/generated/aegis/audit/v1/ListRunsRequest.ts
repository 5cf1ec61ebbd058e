// Original file: aegis/audit/v1/schedules.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { PageRequestInput as _aegis_common_v1_PageRequestInput, PageRequest as _aegis_common_v1_PageRequest } from '../../../aegis/common/v1/PageRequest.ts';

export interface ListRunsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'scheduleId'?: (string);
  /**
   * By cursor, not by offset.
   */
  'page'?: (_aegis_common_v1_PageRequestInput | null);
}

export interface ListRunsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'scheduleId': (string);
  /**
   * By cursor, not by offset.
   */
  'page': (_aegis_common_v1_PageRequest | null);
}
