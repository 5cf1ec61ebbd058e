// Original file: aegis/analytics/v1/analytics.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';
import type { BucketInput as _aegis_analytics_v1_BucketInput, Bucket as _aegis_analytics_v1_Bucket } from '../../../aegis/analytics/v1/Bucket.ts';
import type { Long } from '@grpc/proto-loader';

export interface SpendInput {
  /**
   * Approved amounts in the base currency.
   */
  'total'?: (_aegis_common_v1_MoneyInput | null);
  'intentCount'?: (number | string | Long);
  'approved'?: (_aegis_analytics_v1_BucketInput | null);
  'denied'?: (_aegis_analytics_v1_BucketInput | null);
  'pending'?: (_aegis_analytics_v1_BucketInput | null);
  'pendingApproval'?: (_aegis_analytics_v1_BucketInput | null);
  'previousTotal'?: (_aegis_common_v1_MoneyInput | null);
  /**
   * Approved amounts in each currency they were submitted in.
   */
  'byCurrency'?: (_aegis_common_v1_MoneyInput)[];
  'from'?: (string);
  'to'?: (string);
}

export interface Spend {
  /**
   * Approved amounts in the base currency.
   */
  'total': (_aegis_common_v1_Money | null);
  'intentCount': (string);
  'approved': (_aegis_analytics_v1_Bucket | null);
  'denied': (_aegis_analytics_v1_Bucket | null);
  'pending': (_aegis_analytics_v1_Bucket | null);
  'pendingApproval': (_aegis_analytics_v1_Bucket | null);
  'previousTotal': (_aegis_common_v1_Money | null);
  /**
   * Approved amounts in each currency they were submitted in.
   */
  'byCurrency': (_aegis_common_v1_Money)[];
  'from': (string);
  'to': (string);
}
