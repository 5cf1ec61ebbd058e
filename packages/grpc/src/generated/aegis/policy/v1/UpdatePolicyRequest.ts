// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface UpdatePolicyRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'id'?: (string);
  'name'?: (string);
  'description'?: (string);
  'priority'?: (number | string);
  'action'?: (string);
  'rulesJson'?: (string);
  'isActive'?: (boolean);
  'approvalJson'?: (string);
  'mode'?: (string);
  '_name'?: "name";
  '_description'?: "description";
  '_priority'?: "priority";
  '_action'?: "action";
  '_rulesJson'?: "rulesJson";
  '_isActive'?: "isActive";
  '_approvalJson'?: "approvalJson";
  '_mode'?: "mode";
}

export interface UpdatePolicyRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'id': (string);
  'name'?: (string);
  'description'?: (string);
  'priority'?: (number);
  'action'?: (string);
  'rulesJson'?: (string);
  'isActive'?: (boolean);
  'approvalJson'?: (string);
  'mode'?: (string);
}
