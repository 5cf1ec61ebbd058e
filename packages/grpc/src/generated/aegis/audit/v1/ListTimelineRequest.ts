// Original file: aegis/audit/v1/audit.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { PageRequestInput as _aegis_common_v1_PageRequestInput, PageRequest as _aegis_common_v1_PageRequest } from '../../../aegis/common/v1/PageRequest.ts';

export interface ListTimelineRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'intentId'?: (string);
  /**
   * By cursor, not by offset.
   */
  'page'?: (_aegis_common_v1_PageRequestInput | null);
}

export interface ListTimelineRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'intentId': (string);
  /**
   * By cursor, not by offset.
   */
  'page': (_aegis_common_v1_PageRequest | null);
}
