// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface VerifyDecisionsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * RFC 3339; half-open range over the creation of the intents.
   */
  'from'?: (string);
  'to'?: (string);
  'agentId'?: (string);
  '_from'?: "from";
  '_to'?: "to";
  '_agentId'?: "agentId";
}

export interface VerifyDecisionsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * RFC 3339; half-open range over the creation of the intents.
   */
  'from'?: (string);
  'to'?: (string);
  'agentId'?: (string);
}
