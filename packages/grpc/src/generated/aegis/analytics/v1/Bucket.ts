// Original file: aegis/analytics/v1/analytics.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';
import type { Long } from '@grpc/proto-loader';

export interface BucketInput {
  'count'?: (number | string | Long);
  /**
   * Sum in the base currency; intents without an exchange rate are counted, not summed.
   */
  'amount'?: (_aegis_common_v1_MoneyInput | null);
}

export interface Bucket {
  'count': (string);
  /**
   * Sum in the base currency; intents without an exchange rate are counted, not summed.
   */
  'amount': (_aegis_common_v1_Money | null);
}
