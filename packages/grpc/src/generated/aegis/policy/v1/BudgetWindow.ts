// Original file: aegis/policy/v1/policy.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';

export interface BudgetWindowInput {
  /**
   * Absent: unlimited.
   */
  'limit'?: (_aegis_common_v1_MoneyInput | null);
  'spent'?: (_aegis_common_v1_MoneyInput | null);
  'held'?: (_aegis_common_v1_MoneyInput | null);
  /**
   * RFC 3339: when the next window begins.
   */
  'endsAt'?: (string);
  '_limit'?: "limit";
}

export interface BudgetWindow {
  /**
   * Absent: unlimited.
   */
  'limit'?: (_aegis_common_v1_Money | null);
  'spent': (_aegis_common_v1_Money | null);
  'held': (_aegis_common_v1_Money | null);
  /**
   * RFC 3339: when the next window begins.
   */
  'endsAt': (string);
}
