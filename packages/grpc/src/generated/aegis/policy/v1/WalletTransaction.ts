// Original file: aegis/policy/v1/policy.proto

import type { WalletLineInput as _aegis_policy_v1_WalletLineInput, WalletLine as _aegis_policy_v1_WalletLine } from '../../../aegis/policy/v1/WalletLine.ts';

export interface WalletTransactionInput {
  'id'?: (string);
  /**
   * top_up, withdrawal, adjustment, refund, hold, capture or release
   */
  'type'?: (string);
  'intentId'?: (string);
  'reference'?: (string);
  'note'?: (string);
  /**
   * Sum to zero.
   */
  'lines'?: (_aegis_policy_v1_WalletLineInput)[];
  /**
   * RFC 3339, milliseconds, UTC.
   */
  'createdAt'?: (string);
  /**
   * Who made it; absent for a step of an intent.
   */
  'createdBy'?: (string);
  '_intentId'?: "intentId";
  '_reference'?: "reference";
  '_note'?: "note";
  '_createdBy'?: "createdBy";
}

export interface WalletTransaction {
  'id': (string);
  /**
   * top_up, withdrawal, adjustment, refund, hold, capture or release
   */
  'type': (string);
  'intentId'?: (string);
  'reference'?: (string);
  'note'?: (string);
  /**
   * Sum to zero.
   */
  'lines': (_aegis_policy_v1_WalletLine)[];
  /**
   * RFC 3339, milliseconds, UTC.
   */
  'createdAt': (string);
  /**
   * Who made it; absent for a step of an intent.
   */
  'createdBy'?: (string);
}
