// Original file: aegis/policy/v1/policy.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Amounts are in the base currency.
 */
export interface SimulationTallyInput {
  'count'?: (number | string | Long);
  'amount'?: (_aegis_common_v1_MoneyInput | null);
}

/**
 * Amounts are in the base currency.
 */
export interface SimulationTally {
  'count': (string);
  'amount': (_aegis_common_v1_Money | null);
}
