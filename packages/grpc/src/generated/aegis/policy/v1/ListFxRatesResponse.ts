// Original file: aegis/policy/v1/policy.proto

import type { FxRateInput as _aegis_policy_v1_FxRateInput, FxRate as _aegis_policy_v1_FxRate } from '../../../aegis/policy/v1/FxRate.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListFxRatesResponseInput {
  'rates'?: (_aegis_policy_v1_FxRateInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListFxRatesResponse {
  'rates': (_aegis_policy_v1_FxRate)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
