// Original file: aegis/policy/v1/policy.proto


export interface SimulatedAnswerInput {
  /**
   * approved, denied or pending_approval
   */
  'outcome'?: (string);
  'matchedPolicy'?: (string);
  /**
   * Absent for a guard, for the default, and for a policy that does not exist yet.
   */
  'matchedPolicyId'?: (string);
  'riskScore'?: (string);
  'reasons'?: (string)[];
  '_matchedPolicyId'?: "matchedPolicyId";
}

export interface SimulatedAnswer {
  /**
   * approved, denied or pending_approval
   */
  'outcome': (string);
  'matchedPolicy': (string);
  /**
   * Absent for a guard, for the default, and for a policy that does not exist yet.
   */
  'matchedPolicyId'?: (string);
  'riskScore': (string);
  'reasons': (string)[];
}
