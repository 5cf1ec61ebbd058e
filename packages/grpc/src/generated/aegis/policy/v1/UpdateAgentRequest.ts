// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface UpdateAgentRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'id'?: (string);
  'name'?: (string);
  'description'?: (string);
  'riskLevel'?: (string);
  /**
   * An empty text lifts the limit.
   */
  'dailyLimit'?: (string);
  'monthlyLimit'?: (string);
  'settlement'?: (string);
  'settlementTolerancePercent'?: (number);
  'walletMode'?: (string);
  '_name'?: "name";
  '_description'?: "description";
  '_riskLevel'?: "riskLevel";
  '_dailyLimit'?: "dailyLimit";
  '_monthlyLimit'?: "monthlyLimit";
  '_settlement'?: "settlement";
  '_settlementTolerancePercent'?: "settlementTolerancePercent";
  '_walletMode'?: "walletMode";
}

export interface UpdateAgentRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'id': (string);
  'name'?: (string);
  'description'?: (string);
  'riskLevel'?: (string);
  /**
   * An empty text lifts the limit.
   */
  'dailyLimit'?: (string);
  'monthlyLimit'?: (string);
  'settlement'?: (string);
  'settlementTolerancePercent'?: (number);
  'walletMode'?: (string);
}
