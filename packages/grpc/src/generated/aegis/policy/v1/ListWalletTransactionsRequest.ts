// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { PageRequestInput as _aegis_common_v1_PageRequestInput, PageRequest as _aegis_common_v1_PageRequest } from '../../../aegis/common/v1/PageRequest.ts';

export interface ListWalletTransactionsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'agentId'?: (string);
  'page'?: (_aegis_common_v1_PageRequestInput | null);
  '_page'?: "page";
}

export interface ListWalletTransactionsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'agentId': (string);
  'page'?: (_aegis_common_v1_PageRequest | null);
}
