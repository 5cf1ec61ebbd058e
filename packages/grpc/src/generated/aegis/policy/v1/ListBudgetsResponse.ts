// Original file: aegis/policy/v1/policy.proto

import type { SharedBudgetInput as _aegis_policy_v1_SharedBudgetInput, SharedBudget as _aegis_policy_v1_SharedBudget } from '../../../aegis/policy/v1/SharedBudget.ts';

export interface ListBudgetsResponseInput {
  'budgets'?: (_aegis_policy_v1_SharedBudgetInput)[];
  'currency'?: (string);
}

export interface ListBudgetsResponse {
  'budgets': (_aegis_policy_v1_SharedBudget)[];
  'currency': (string);
}
