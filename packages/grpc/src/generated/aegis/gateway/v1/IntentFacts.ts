// Original file: aegis/gateway/v1/populations.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';

/**
 * What an intent counts for.
 */
export interface IntentFactsInput {
  'id'?: (string);
  /**
   * pending, pending_approval, approved or denied
   */
  'status'?: (string);
  'money'?: (_aegis_common_v1_MoneyInput | null);
}

/**
 * What an intent counts for.
 */
export interface IntentFacts {
  'id': (string);
  /**
   * pending, pending_approval, approved or denied
   */
  'status': (string);
  'money': (_aegis_common_v1_Money | null);
}
