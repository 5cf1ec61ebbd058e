// Original file: aegis/analytics/v1/analytics.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface GetApprovalTimesRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'days'?: (number);
  'until'?: (string);
}

export interface GetApprovalTimesRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'days': (number);
  'until': (string);
}
