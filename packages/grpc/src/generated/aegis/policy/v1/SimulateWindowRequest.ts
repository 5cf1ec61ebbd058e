// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface SimulateWindowRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * RFC 3339; half-open range over the creation of the intents.
   */
  'from'?: (string);
  'to'?: (string);
  /**
   * JSON of the whole proposed set: a list of policies as they are created, each with an optional id. Absent: the
   * policies as they are now.
   */
  'policiesJson'?: (string);
  'defaultAction'?: (string);
  /**
   * approved, rejected or unanswered: what becomes of requests for approval that were never made.
   */
  'assumption'?: (string);
  /**
   * Whether the progress tells of each intent.
   */
  'intents'?: (boolean);
  '_from'?: "from";
  '_to'?: "to";
  '_policiesJson'?: "policiesJson";
  '_defaultAction'?: "defaultAction";
}

export interface SimulateWindowRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * RFC 3339; half-open range over the creation of the intents.
   */
  'from'?: (string);
  'to'?: (string);
  /**
   * JSON of the whole proposed set: a list of policies as they are created, each with an optional id. Absent: the
   * policies as they are now.
   */
  'policiesJson'?: (string);
  'defaultAction'?: (string);
  /**
   * approved, rejected or unanswered: what becomes of requests for approval that were never made.
   */
  'assumption': (string);
  /**
   * Whether the progress tells of each intent.
   */
  'intents': (boolean);
}
