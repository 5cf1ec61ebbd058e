// Original file: aegis/gateway/v1/populations.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface GetIntentsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * At most 1,000.
   */
  'ids'?: (string)[];
}

export interface GetIntentsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * At most 1,000.
   */
  'ids': (string)[];
}
