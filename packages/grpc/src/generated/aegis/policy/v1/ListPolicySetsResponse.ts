// Original file: aegis/policy/v1/policy.proto

import type { PolicySetInput as _aegis_policy_v1_PolicySetInput, PolicySet as _aegis_policy_v1_PolicySet } from '../../../aegis/policy/v1/PolicySet.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListPolicySetsResponseInput {
  'policySets'?: (_aegis_policy_v1_PolicySetInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListPolicySetsResponse {
  'policySets': (_aegis_policy_v1_PolicySet)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
