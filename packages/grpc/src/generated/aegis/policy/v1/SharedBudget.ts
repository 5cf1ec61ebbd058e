// Original file: aegis/policy/v1/policy.proto

import type { BudgetWindowInput as _aegis_policy_v1_BudgetWindowInput, BudgetWindow as _aegis_policy_v1_BudgetWindow } from '../../../aegis/policy/v1/BudgetWindow.ts';

export interface SharedBudgetInput {
  /**
   * Absent: the whole organisation's.
   */
  'category'?: (string);
  'daily'?: (_aegis_policy_v1_BudgetWindowInput | null);
  'monthly'?: (_aegis_policy_v1_BudgetWindowInput | null);
  /**
   * First date that it counts.
   */
  'since'?: (string);
  '_category'?: "category";
}

export interface SharedBudget {
  /**
   * Absent: the whole organisation's.
   */
  'category'?: (string);
  'daily': (_aegis_policy_v1_BudgetWindow | null);
  'monthly': (_aegis_policy_v1_BudgetWindow | null);
  /**
   * First date that it counts.
   */
  'since': (string);
}
