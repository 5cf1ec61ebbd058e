// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface CheckLedgerRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
}

export interface CheckLedgerRequest {
  'caller': (_aegis_common_v1_Caller | null);
}
