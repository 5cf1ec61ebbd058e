// Original file: aegis/policy/v1/policy.proto


export interface FxRateInputInput {
  'currency'?: (string);
  'rate'?: (string);
  /**
   * Absent: from now on.
   */
  'effectiveAt'?: (string);
  '_effectiveAt'?: "effectiveAt";
}

export interface FxRateInput {
  'currency': (string);
  'rate': (string);
  /**
   * Absent: from now on.
   */
  'effectiveAt'?: (string);
}
