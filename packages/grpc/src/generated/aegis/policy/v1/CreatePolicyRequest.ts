// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface CreatePolicyRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * Chosen by the caller, as for agents.
   */
  'id'?: (string);
  'name'?: (string);
  'description'?: (string);
  'priority'?: (number | string);
  'action'?: (string);
  'rulesJson'?: (string);
  'isActive'?: (boolean);
  'approvalJson'?: (string);
  /**
   * enforce (the default) or shadow
   */
  'mode'?: (string);
  '_description'?: "description";
  '_approvalJson'?: "approvalJson";
  '_mode'?: "mode";
}

export interface CreatePolicyRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * Chosen by the caller, as for agents.
   */
  'id': (string);
  'name': (string);
  'description'?: (string);
  'priority': (number);
  'action': (string);
  'rulesJson': (string);
  'isActive': (boolean);
  'approvalJson'?: (string);
  /**
   * enforce (the default) or shadow
   */
  'mode'?: (string);
}
