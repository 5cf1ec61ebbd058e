// Original file: aegis/policy/v1/policy.proto


export interface SimulatedVerdictInput {
  /**
   * allow, deny or require_approval
   */
  'decision'?: (string);
  'matchedPolicy'?: (string);
  /**
   * Absent for a guard, for the default, and for a policy that does not exist yet.
   */
  'matchedPolicyId'?: (string);
  '_matchedPolicyId'?: "matchedPolicyId";
}

export interface SimulatedVerdict {
  /**
   * allow, deny or require_approval
   */
  'decision': (string);
  'matchedPolicy': (string);
  /**
   * Absent for a guard, for the default, and for a policy that does not exist yet.
   */
  'matchedPolicyId'?: (string);
}
