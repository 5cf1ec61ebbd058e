// Original file: aegis/audit/v1/audit.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface ExportRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * json or csv
   */
  'format'?: (string);
  /**
   * generic, rbi, eu_ai_act or sox
   */
  'standard'?: (string);
  'from'?: (string);
  'to'?: (string);
  '_from'?: "from";
  '_to'?: "to";
}

export interface ExportRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * json or csv
   */
  'format': (string);
  /**
   * generic, rbi, eu_ai_act or sox
   */
  'standard': (string);
  'from'?: (string);
  'to'?: (string);
}
