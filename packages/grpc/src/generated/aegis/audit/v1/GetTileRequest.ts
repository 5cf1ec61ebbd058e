// Original file: aegis/audit/v1/transparency.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface GetTileRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * Such as tile/0/x001/234.p/7 or tile/entries/000.
   */
  'path'?: (string);
}

export interface GetTileRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * Such as tile/0/x001/234.p/7 or tile/entries/000.
   */
  'path': (string);
}
