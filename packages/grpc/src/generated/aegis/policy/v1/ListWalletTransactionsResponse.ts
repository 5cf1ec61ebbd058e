// Original file: aegis/policy/v1/policy.proto

import type { WalletTransactionInput as _aegis_policy_v1_WalletTransactionInput, WalletTransaction as _aegis_policy_v1_WalletTransaction } from '../../../aegis/policy/v1/WalletTransaction.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListWalletTransactionsResponseInput {
  'transactions'?: (_aegis_policy_v1_WalletTransactionInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListWalletTransactionsResponse {
  'transactions': (_aegis_policy_v1_WalletTransaction)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
