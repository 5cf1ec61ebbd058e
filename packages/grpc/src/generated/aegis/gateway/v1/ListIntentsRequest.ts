// Original file: aegis/gateway/v1/populations.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface ListIntentsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * RFC 3339; half-open range of the time of creation. Absent: without bound.
   */
  'from'?: (string);
  'to'?: (string);
  '_from'?: "from";
  '_to'?: "to";
}

export interface ListIntentsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * RFC 3339; half-open range of the time of creation. Absent: without bound.
   */
  'from'?: (string);
  'to'?: (string);
}
