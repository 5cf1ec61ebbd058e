// Original file: aegis/policy/v1/policy.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';

export interface WalletLineInput {
  /**
   * available, held, spend, external or adjustment
   */
  'account'?: (string);
  'amount'?: (_aegis_common_v1_MoneyInput | null);
}

export interface WalletLine {
  /**
   * available, held, spend, external or adjustment
   */
  'account': (string);
  'amount': (_aegis_common_v1_Money | null);
}
