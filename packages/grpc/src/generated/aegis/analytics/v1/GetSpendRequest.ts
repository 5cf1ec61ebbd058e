// Original file: aegis/analytics/v1/analytics.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface GetSpendRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'days'?: (number);
  'agentId'?: (string);
  /**
   * RFC 3339: the end of the window, which is `days` times 24 hours long; the period before it is as long.
   */
  'until'?: (string);
  '_agentId'?: "agentId";
}

export interface GetSpendRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'days': (number);
  'agentId'?: (string);
  /**
   * RFC 3339: the end of the window, which is `days` times 24 hours long; the period before it is as long.
   */
  'until': (string);
}
