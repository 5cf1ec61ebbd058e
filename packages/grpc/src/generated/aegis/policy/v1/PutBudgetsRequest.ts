// Original file: aegis/policy/v1/policy.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { SharedBudgetInputInput as _aegis_policy_v1_SharedBudgetInputInput, SharedBudgetInput as _aegis_policy_v1_SharedBudgetInput } from '../../../aegis/policy/v1/SharedBudgetInput.ts';

export interface PutBudgetsRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'budgets'?: (_aegis_policy_v1_SharedBudgetInputInput)[];
}

export interface PutBudgetsRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'budgets': (_aegis_policy_v1_SharedBudgetInput)[];
}
