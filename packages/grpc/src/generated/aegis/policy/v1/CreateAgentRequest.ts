// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface CreateAgentRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * Chosen by the caller, so that the same request again finds the agent it made.
   */
  'id'?: (string);
  'name'?: (string);
  'description'?: (string);
  'riskLevel'?: (string);
  /**
   * Decimal text in the base currency's unit, such as 1500 or 99.50. Absent: unlimited.
   */
  'dailyLimit'?: (string);
  'monthlyLimit'?: (string);
  /**
   * The user on whose account the agent is registered (a person, or the creator of the key).
   */
  'ownerId'?: (string);
  'settlement'?: (string);
  'settlementTolerancePercent'?: (number);
  'walletMode'?: (string);
  '_description'?: "description";
  '_dailyLimit'?: "dailyLimit";
  '_monthlyLimit'?: "monthlyLimit";
  '_ownerId'?: "ownerId";
  '_settlement'?: "settlement";
  '_settlementTolerancePercent'?: "settlementTolerancePercent";
  '_walletMode'?: "walletMode";
}

export interface CreateAgentRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * Chosen by the caller, so that the same request again finds the agent it made.
   */
  'id': (string);
  'name': (string);
  'description'?: (string);
  'riskLevel': (string);
  /**
   * Decimal text in the base currency's unit, such as 1500 or 99.50. Absent: unlimited.
   */
  'dailyLimit'?: (string);
  'monthlyLimit'?: (string);
  /**
   * The user on whose account the agent is registered (a person, or the creator of the key).
   */
  'ownerId'?: (string);
  'settlement'?: (string);
  'settlementTolerancePercent'?: (number);
  'walletMode'?: (string);
}
