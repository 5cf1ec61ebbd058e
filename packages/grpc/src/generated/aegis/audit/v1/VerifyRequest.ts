// Original file: aegis/audit/v1/audit.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface VerifyRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
}

export interface VerifyRequest {
  'caller': (_aegis_common_v1_Caller | null);
}
