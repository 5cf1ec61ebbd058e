// Original file: aegis/policy/v1/policy.proto

import type { FxRateInput as _aegis_policy_v1_FxRateInput, FxRate as _aegis_policy_v1_FxRate } from '../../../aegis/policy/v1/FxRate.ts';

export interface PutFxRatesResponseInput {
  /**
   * In the order of the request.
   */
  'rates'?: (_aegis_policy_v1_FxRateInput)[];
}

export interface PutFxRatesResponse {
  /**
   * In the order of the request.
   */
  'rates': (_aegis_policy_v1_FxRate)[];
}
