// Original file: aegis/audit/v1/transparency.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { Long } from '@grpc/proto-loader';

export interface ProveConsistencyRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'from'?: (number | string | Long);
  /**
   * Absent: the log as it is now.
   */
  'to'?: (number | string | Long);
  '_to'?: "to";
}

export interface ProveConsistencyRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'from': (string);
  /**
   * Absent: the log as it is now.
   */
  'to'?: (string);
}
