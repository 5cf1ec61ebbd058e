// Original file: aegis/policy/v1/policy.proto


export interface DecisionDifferenceInput {
  'field'?: (string);
  /**
   * JSON; null where there is nothing.
   */
  'recordedJson'?: (string);
  'againJson'?: (string);
}

export interface DecisionDifference {
  'field': (string);
  /**
   * JSON; null where there is nothing.
   */
  'recordedJson': (string);
  'againJson': (string);
}
