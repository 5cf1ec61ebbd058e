// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface LintPoliciesRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * JSON of the whole proposed set, as in SimulateWindowRequest. Absent: the policies as they are now.
   */
  'policiesJson'?: (string);
  'defaultAction'?: (string);
  '_policiesJson'?: "policiesJson";
  '_defaultAction'?: "defaultAction";
}

export interface LintPoliciesRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * JSON of the whole proposed set, as in SimulateWindowRequest. Absent: the policies as they are now.
   */
  'policiesJson'?: (string);
  'defaultAction'?: (string);
}
