// Original file: aegis/policy/v1/policy.proto


export interface FxRateInput {
  'id'?: (string);
  'currency'?: (string);
  'baseCurrency'?: (string);
  /**
   * Decimal text: what one unit of currency is worth in the base currency.
   */
  'rate'?: (string);
  /**
   * RFC 3339, milliseconds, UTC: from when it holds, and when it was recorded.
   */
  'effectiveAt'?: (string);
  'recordedAt'?: (string);
}

export interface FxRate {
  'id': (string);
  'currency': (string);
  'baseCurrency': (string);
  /**
   * Decimal text: what one unit of currency is worth in the base currency.
   */
  'rate': (string);
  /**
   * RFC 3339, milliseconds, UTC: from when it holds, and when it was recorded.
   */
  'effectiveAt': (string);
  'recordedAt': (string);
}
