// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface CreateWalletTransactionRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * Chosen by the caller, so that the same request again finds the transaction it made.
   */
  'id'?: (string);
  'agentId'?: (string);
  /**
   * top_up, withdrawal, adjustment or refund
   */
  'type'?: (string);
  /**
   * Decimal text in the base currency's unit; only an adjustment may be negative.
   */
  'amount'?: (string);
  'reference'?: (string);
  'note'?: (string);
  '_reference'?: "reference";
  '_note'?: "note";
}

export interface CreateWalletTransactionRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * Chosen by the caller, so that the same request again finds the transaction it made.
   */
  'id': (string);
  'agentId': (string);
  /**
   * top_up, withdrawal, adjustment or refund
   */
  'type': (string);
  /**
   * Decimal text in the base currency's unit; only an adjustment may be negative.
   */
  'amount': (string);
  'reference'?: (string);
  'note'?: (string);
}
