// Original file: aegis/audit/v1/exports.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface PutSettingsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'settingsJson'?: (string);
}

export interface PutSettingsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'settingsJson': (string);
}
