// Original file: aegis/policy/v1/policy.proto


export interface SimulatedGuardInput {
  'name'?: (string);
  /**
   * deny or require_approval
   */
  'verdict'?: (string);
  'reason'?: (string);
}

export interface SimulatedGuard {
  'name': (string);
  /**
   * deny or require_approval
   */
  'verdict': (string);
  'reason': (string);
}
