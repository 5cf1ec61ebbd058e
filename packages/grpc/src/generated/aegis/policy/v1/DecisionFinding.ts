// Original file: aegis/policy/v1/policy.proto

import type { DecisionDifferenceInput as _aegis_policy_v1_DecisionDifferenceInput, DecisionDifference as _aegis_policy_v1_DecisionDifference } from '../../../aegis/policy/v1/DecisionDifference.ts';

/**
 * A decision that came out otherwise, or that cannot be decided again.
 */
export interface DecisionFindingInput {
  'intentId'?: (string);
  'decisionId'?: (string);
  'final'?: (boolean);
  'policySetVersion'?: (number);
  /**
   * Why it is unverifiable; absent when it differs.
   */
  'cause'?: (string);
  'differences'?: (_aegis_policy_v1_DecisionDifferenceInput)[];
  '_cause'?: "cause";
}

/**
 * A decision that came out otherwise, or that cannot be decided again.
 */
export interface DecisionFinding {
  'intentId': (string);
  'decisionId': (string);
  'final': (boolean);
  'policySetVersion': (number);
  /**
   * Why it is unverifiable; absent when it differs.
   */
  'cause'?: (string);
  'differences': (_aegis_policy_v1_DecisionDifference)[];
}
