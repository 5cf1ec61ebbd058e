// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { PageRequestInput as _aegis_common_v1_PageRequestInput, PageRequest as _aegis_common_v1_PageRequest } from '../../../aegis/common/v1/PageRequest.ts';

export interface ListPolicyVersionsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'id'?: (string);
  'page'?: (_aegis_common_v1_PageRequestInput | null);
}

export interface ListPolicyVersionsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'id': (string);
  'page': (_aegis_common_v1_PageRequest | null);
}
