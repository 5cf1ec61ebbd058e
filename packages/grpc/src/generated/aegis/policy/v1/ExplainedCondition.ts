// Original file: aegis/policy/v1/policy.proto


export interface ExplainedConditionInput {
  /**
   * Such as rules.conditions[1].conditions[0].
   */
  'path'?: (string);
  'field'?: (string);
  'operator'?: (string);
  /**
   * JSON of what the field is compared with; absent where exists has none.
   */
  'valueJson'?: (string);
  /**
   * JSON of what the intent has there; absent when it is missing.
   */
  'actualJson'?: (string);
  'holds'?: (boolean);
  '_valueJson'?: "valueJson";
  '_actualJson'?: "actualJson";
}

export interface ExplainedCondition {
  /**
   * Such as rules.conditions[1].conditions[0].
   */
  'path': (string);
  'field': (string);
  'operator': (string);
  /**
   * JSON of what the field is compared with; absent where exists has none.
   */
  'valueJson'?: (string);
  /**
   * JSON of what the intent has there; absent when it is missing.
   */
  'actualJson'?: (string);
  'holds': (boolean);
}
