// Original file: aegis/policy/v1/policy.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';

export interface AgentInput {
  'id'?: (string);
  'name'?: (string);
  'description'?: (string);
  /**
   * low, medium or high
   */
  'riskLevel'?: (string);
  /**
   * active or suspended
   */
  'status'?: (string);
  'walletBalance'?: (_aegis_common_v1_MoneyInput | null);
  /**
   * Absent: unlimited. Zero: nothing may be spent. In the organisation's base currency, as are all amounts here.
   */
  'dailyLimit'?: (_aegis_common_v1_MoneyInput | null);
  'monthlyLimit'?: (_aegis_common_v1_MoneyInput | null);
  'spentToday'?: (_aegis_common_v1_MoneyInput | null);
  'heldToday'?: (_aegis_common_v1_MoneyInput | null);
  'spentThisMonth'?: (_aegis_common_v1_MoneyInput | null);
  'heldThisMonth'?: (_aegis_common_v1_MoneyInput | null);
  /**
   * The user who registered it; absent when a key did.
   */
  'ownerId'?: (string);
  /**
   * RFC 3339, milliseconds, UTC.
   */
  'createdAt'?: (string);
  'updatedAt'?: (string);
  /**
   * What the wallet's balance is reserved for.
   */
  'walletHeld'?: (_aegis_common_v1_MoneyInput | null);
  /**
   * tracked or enforced
   */
  'walletMode'?: (string);
  /**
   * immediate or required
   */
  'settlement'?: (string);
  /**
   * By how much a settlement may pass the amount.
   */
  'settlementTolerancePercent'?: (number);
  /**
   * RFC 3339: when the current windows end.
   */
  'dayEndsAt'?: (string);
  'monthEndsAt'?: (string);
  '_description'?: "description";
  '_dailyLimit'?: "dailyLimit";
  '_monthlyLimit'?: "monthlyLimit";
  '_ownerId'?: "ownerId";
}

export interface Agent {
  'id': (string);
  'name': (string);
  'description'?: (string);
  /**
   * low, medium or high
   */
  'riskLevel': (string);
  /**
   * active or suspended
   */
  'status': (string);
  'walletBalance': (_aegis_common_v1_Money | null);
  /**
   * Absent: unlimited. Zero: nothing may be spent. In the organisation's base currency, as are all amounts here.
   */
  'dailyLimit'?: (_aegis_common_v1_Money | null);
  'monthlyLimit'?: (_aegis_common_v1_Money | null);
  'spentToday': (_aegis_common_v1_Money | null);
  'heldToday': (_aegis_common_v1_Money | null);
  'spentThisMonth': (_aegis_common_v1_Money | null);
  'heldThisMonth': (_aegis_common_v1_Money | null);
  /**
   * The user who registered it; absent when a key did.
   */
  'ownerId'?: (string);
  /**
   * RFC 3339, milliseconds, UTC.
   */
  'createdAt': (string);
  'updatedAt': (string);
  /**
   * What the wallet's balance is reserved for.
   */
  'walletHeld': (_aegis_common_v1_Money | null);
  /**
   * tracked or enforced
   */
  'walletMode': (string);
  /**
   * immediate or required
   */
  'settlement': (string);
  /**
   * By how much a settlement may pass the amount.
   */
  'settlementTolerancePercent': (number);
  /**
   * RFC 3339: when the current windows end.
   */
  'dayEndsAt': (string);
  'monthEndsAt': (string);
}
