// Original file: aegis/audit/v1/transparency.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface ProveInclusionRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'entryId'?: (string);
}

export interface ProveInclusionRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'entryId': (string);
}
