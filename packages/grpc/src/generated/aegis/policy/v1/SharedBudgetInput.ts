// Original file: aegis/policy/v1/policy.proto


export interface SharedBudgetInputInput {
  /**
   * Absent: the whole organisation's.
   */
  'category'?: (string);
  /**
   * Decimal text in the base currency's unit. Absent: unlimited.
   */
  'dailyLimit'?: (string);
  'monthlyLimit'?: (string);
  '_category'?: "category";
  '_dailyLimit'?: "dailyLimit";
  '_monthlyLimit'?: "monthlyLimit";
}

export interface SharedBudgetInput {
  /**
   * Absent: the whole organisation's.
   */
  'category'?: (string);
  /**
   * Decimal text in the base currency's unit. Absent: unlimited.
   */
  'dailyLimit'?: (string);
  'monthlyLimit'?: (string);
}
