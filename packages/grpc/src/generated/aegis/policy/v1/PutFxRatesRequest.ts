// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { FxRateInputInput as _aegis_policy_v1_FxRateInputInput, FxRateInput as _aegis_policy_v1_FxRateInput } from '../../../aegis/policy/v1/FxRateInput.ts';

export interface PutFxRatesRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'rates'?: (_aegis_policy_v1_FxRateInputInput)[];
}

export interface PutFxRatesRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'rates': (_aegis_policy_v1_FxRateInput)[];
}
