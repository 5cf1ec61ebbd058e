// Original file: aegis/audit/v1/exports.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface ExportCallerRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
}

export interface ExportCallerRequest {
  'caller': (_aegis_common_v1_Caller | null);
}
