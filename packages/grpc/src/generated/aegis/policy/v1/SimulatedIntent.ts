// Original file: aegis/policy/v1/policy.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';
import type { SimulatedAnswerInput as _aegis_policy_v1_SimulatedAnswerInput, SimulatedAnswer as _aegis_policy_v1_SimulatedAnswer } from '../../../aegis/policy/v1/SimulatedAnswer.ts';

export interface SimulatedIntentInput {
  'intentId'?: (string);
  'agentId'?: (string);
  'createdAt'?: (string);
  'amount'?: (_aegis_common_v1_MoneyInput | null);
  'before'?: (_aegis_policy_v1_SimulatedAnswerInput | null);
  'after'?: (_aegis_policy_v1_SimulatedAnswerInput | null);
}

export interface SimulatedIntent {
  'intentId': (string);
  'agentId': (string);
  'createdAt': (string);
  'amount': (_aegis_common_v1_Money | null);
  'before': (_aegis_policy_v1_SimulatedAnswer | null);
  'after': (_aegis_policy_v1_SimulatedAnswer | null);
}
