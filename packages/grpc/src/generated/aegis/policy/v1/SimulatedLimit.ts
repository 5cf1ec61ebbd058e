// Original file: aegis/policy/v1/policy.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';

/**
 * Amounts are in the base currency.
 */
export interface SimulatedLimitInput {
  /**
   * The guard that objects when the intent does not fit.
   */
  'name'?: (string);
  /**
   * Such as: the agent, the organisation, the category "travel", the wallet.
   */
  'whose'?: (string);
  /**
   * What may be spent; of a wallet, what is in it.
   */
  'limit'?: (_aegis_common_v1_MoneyInput | null);
  'spent'?: (_aegis_common_v1_MoneyInput | null);
  'held'?: (_aegis_common_v1_MoneyInput | null);
  /**
   * Absent without an exchange rate.
   */
  'fits'?: (boolean);
  '_fits'?: "fits";
}

/**
 * Amounts are in the base currency.
 */
export interface SimulatedLimit {
  /**
   * The guard that objects when the intent does not fit.
   */
  'name': (string);
  /**
   * Such as: the agent, the organisation, the category "travel", the wallet.
   */
  'whose': (string);
  /**
   * What may be spent; of a wallet, what is in it.
   */
  'limit': (_aegis_common_v1_Money | null);
  'spent': (_aegis_common_v1_Money | null);
  'held': (_aegis_common_v1_Money | null);
  /**
   * Absent without an exchange rate.
   */
  'fits'?: (boolean);
}
