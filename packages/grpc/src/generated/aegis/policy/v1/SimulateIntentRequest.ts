// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';

export interface SimulateIntentRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'agentId'?: (string);
  'amount'?: (_aegis_common_v1_MoneyInput | null);
  'reason'?: (string);
  /**
   * Decimal text from 0 to 1.
   */
  'confidence'?: (string);
  'merchant'?: (string);
  'merchantCategory'?: (string);
  /**
   * JSON of an object.
   */
  'metadataJson'?: (string);
  /**
   * RFC 3339: when it is taken to be created. Absent: now.
   */
  'at'?: (string);
  /**
   * JSON of the whole proposed set, as in SimulateWindowRequest. Absent: the policies as they are now.
   */
  'policiesJson'?: (string);
  'defaultAction'?: (string);
  '_merchant'?: "merchant";
  '_merchantCategory'?: "merchantCategory";
  '_metadataJson'?: "metadataJson";
  '_at'?: "at";
  '_policiesJson'?: "policiesJson";
  '_defaultAction'?: "defaultAction";
}

export interface SimulateIntentRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'agentId': (string);
  'amount': (_aegis_common_v1_Money | null);
  'reason': (string);
  /**
   * Decimal text from 0 to 1.
   */
  'confidence': (string);
  'merchant'?: (string);
  'merchantCategory'?: (string);
  /**
   * JSON of an object.
   */
  'metadataJson'?: (string);
  /**
   * RFC 3339: when it is taken to be created. Absent: now.
   */
  'at'?: (string);
  /**
   * JSON of the whole proposed set, as in SimulateWindowRequest. Absent: the policies as they are now.
   */
  'policiesJson'?: (string);
  'defaultAction'?: (string);
}
