// Original file: aegis/audit/v1/exports.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { PageRequestInput as _aegis_common_v1_PageRequestInput, PageRequest as _aegis_common_v1_PageRequest } from '../../../aegis/common/v1/PageRequest.ts';

export interface ListExportsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'page'?: (_aegis_common_v1_PageRequestInput | null);
}

export interface ListExportsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'page': (_aegis_common_v1_PageRequest | null);
}
