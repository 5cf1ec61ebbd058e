// Original file: aegis/common/v1/common.proto


/**
 * An exact amount: minor units (ISO 4217 exponent) as a decimal string.
 */
export interface MoneyInput {
  'amountMinor'?: (string);
  'currency'?: (string);
  'exponent'?: (number);
}

/**
 * An exact amount: minor units (ISO 4217 exponent) as a decimal string.
 */
export interface Money {
  'amountMinor': (string);
  'currency': (string);
  'exponent': (number);
}
