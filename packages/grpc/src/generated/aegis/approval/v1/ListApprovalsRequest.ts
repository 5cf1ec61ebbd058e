// Original file: aegis/approval/v1/approval.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { PageRequestInput as _aegis_common_v1_PageRequestInput, PageRequest as _aegis_common_v1_PageRequest } from '../../../aegis/common/v1/PageRequest.ts';

export interface ListApprovalsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'userId'?: (string);
  'roles'?: (string)[];
  /**
   * Empty: open ones.
   */
  'status'?: (string);
  /**
   * At most 500 entries. Absent: the first 500; `next_cursor` leads on.
   */
  'page'?: (_aegis_common_v1_PageRequestInput | null);
  '_page'?: "page";
}

export interface ListApprovalsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'userId': (string);
  'roles': (string)[];
  /**
   * Empty: open ones.
   */
  'status': (string);
  /**
   * At most 500 entries. Absent: the first 500; `next_cursor` leads on.
   */
  'page'?: (_aegis_common_v1_PageRequest | null);
}
