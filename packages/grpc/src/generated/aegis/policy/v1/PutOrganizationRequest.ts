// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface PutOrganizationRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * Each absent field keeps its value; a new organisation needs base_currency and time_zone.
   */
  'baseCurrency'?: (string);
  'timeZone'?: (string);
  'defaultAction'?: (string);
  'fxMaxAgeHours'?: (number);
  '_baseCurrency'?: "baseCurrency";
  '_timeZone'?: "timeZone";
  '_defaultAction'?: "defaultAction";
  '_fxMaxAgeHours'?: "fxMaxAgeHours";
}

export interface PutOrganizationRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * Each absent field keeps its value; a new organisation needs base_currency and time_zone.
   */
  'baseCurrency'?: (string);
  'timeZone'?: (string);
  'defaultAction'?: (string);
  'fxMaxAgeHours'?: (number);
}
