// Original file: aegis/policy/v1/policy.proto

import type { PolicyInput as _aegis_policy_v1_PolicyInput, Policy as _aegis_policy_v1_Policy } from '../../../aegis/policy/v1/Policy.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListPoliciesResponseInput {
  'policies'?: (_aegis_policy_v1_PolicyInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListPoliciesResponse {
  'policies': (_aegis_policy_v1_Policy)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
