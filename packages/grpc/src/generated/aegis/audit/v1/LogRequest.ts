// Original file: aegis/audit/v1/transparency.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface LogRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
}

export interface LogRequest {
  'caller': (_aegis_common_v1_Caller | null);
}
