// Original file: aegis/approval/v1/approval.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface RespondRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'approvalId'?: (string);
  'userId'?: (string);
  'roles'?: (string)[];
  /**
   * approve or reject
   */
  'decision'?: (string);
  'note'?: (string);
  '_note'?: "note";
}

export interface RespondRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'approvalId': (string);
  'userId': (string);
  'roles': (string)[];
  /**
   * approve or reject
   */
  'decision': (string);
  'note'?: (string);
}
