// Original file: aegis/policy/v1/policy.proto

import type { ExplainedConditionInput as _aegis_policy_v1_ExplainedConditionInput, ExplainedCondition as _aegis_policy_v1_ExplainedCondition } from '../../../aegis/policy/v1/ExplainedCondition.ts';

export interface ExplainedPolicyInput {
  /**
   * Absent for a policy that does not exist yet.
   */
  'id'?: (string);
  'name'?: (string);
  'priority'?: (number | string);
  'action'?: (string);
  'mode'?: (string);
  'isActive'?: (boolean);
  'holds'?: (boolean);
  /**
   * The policies' answer is this one's.
   */
  'answers'?: (boolean);
  'conditions'?: (_aegis_policy_v1_ExplainedConditionInput)[];
  '_id'?: "id";
}

export interface ExplainedPolicy {
  /**
   * Absent for a policy that does not exist yet.
   */
  'id'?: (string);
  'name': (string);
  'priority': (number);
  'action': (string);
  'mode': (string);
  'isActive': (boolean);
  'holds': (boolean);
  /**
   * The policies' answer is this one's.
   */
  'answers': (boolean);
  'conditions': (_aegis_policy_v1_ExplainedCondition)[];
}
