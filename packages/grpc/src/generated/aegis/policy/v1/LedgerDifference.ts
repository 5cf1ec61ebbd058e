// Original file: aegis/policy/v1/policy.proto


export interface LedgerDifferenceInput {
  'what'?: (string);
  'subject'?: (string);
  /**
   * Minor units of the base currency.
   */
  'recorded'?: (string);
  'computed'?: (string);
}

export interface LedgerDifference {
  'what': (string);
  'subject': (string);
  /**
   * Minor units of the base currency.
   */
  'recorded': (string);
  'computed': (string);
}
