// Original file: aegis/policy/v1/policy.proto

import type { LedgerDifferenceInput as _aegis_policy_v1_LedgerDifferenceInput, LedgerDifference as _aegis_policy_v1_LedgerDifference } from '../../../aegis/policy/v1/LedgerDifference.ts';

export interface CheckLedgerResponseInput {
  /**
   * Entries, wallets and windows that were compared.
   */
  'compared'?: (number);
  'differences'?: (_aegis_policy_v1_LedgerDifferenceInput)[];
}

export interface CheckLedgerResponse {
  /**
   * Entries, wallets and windows that were compared.
   */
  'compared': (number);
  'differences': (_aegis_policy_v1_LedgerDifference)[];
}
