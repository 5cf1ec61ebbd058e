// Original file: aegis/policy/v1/policy.proto

import type { SimulatedVerdictInput as _aegis_policy_v1_SimulatedVerdictInput, SimulatedVerdict as _aegis_policy_v1_SimulatedVerdict } from '../../../aegis/policy/v1/SimulatedVerdict.ts';
import type { SimulatedGuardInput as _aegis_policy_v1_SimulatedGuardInput, SimulatedGuard as _aegis_policy_v1_SimulatedGuard } from '../../../aegis/policy/v1/SimulatedGuard.ts';
import type { RiskFactorInput as _aegis_policy_v1_RiskFactorInput, RiskFactor as _aegis_policy_v1_RiskFactor } from '../../../aegis/policy/v1/RiskFactor.ts';
import type { ExplainedPolicyInput as _aegis_policy_v1_ExplainedPolicyInput, ExplainedPolicy as _aegis_policy_v1_ExplainedPolicy } from '../../../aegis/policy/v1/ExplainedPolicy.ts';
import type { SimulatedLimitInput as _aegis_policy_v1_SimulatedLimitInput, SimulatedLimit as _aegis_policy_v1_SimulatedLimit } from '../../../aegis/policy/v1/SimulatedLimit.ts';
import type { Long } from '@grpc/proto-loader';

export interface SimulateIntentResponseInput {
  'verdict'?: (_aegis_policy_v1_SimulatedVerdictInput | null);
  'reasons'?: (string)[];
  'guards'?: (_aegis_policy_v1_SimulatedGuardInput)[];
  'riskScore'?: (string);
  'riskFactors'?: (_aegis_policy_v1_RiskFactorInput)[];
  /**
   * In the order of evaluation.
   */
  'policies'?: (_aegis_policy_v1_ExplainedPolicyInput)[];
  /**
   * Policies of a long set that are not explained.
   */
  'policiesLeftOut'?: (number);
  /**
   * By the policies as they are now; absent when nothing else was proposed.
   */
  'live'?: (_aegis_policy_v1_SimulatedVerdictInput | null);
  /**
   * The version of the policies as they are now.
   */
  'policySetVersion'?: (number | string | Long);
  /**
   * Every limit there is for the intent, and its agent's wallet if that is enforced.
   */
  'limits'?: (_aegis_policy_v1_SimulatedLimitInput)[];
  '_live'?: "live";
}

export interface SimulateIntentResponse {
  'verdict': (_aegis_policy_v1_SimulatedVerdict | null);
  'reasons': (string)[];
  'guards': (_aegis_policy_v1_SimulatedGuard)[];
  'riskScore': (string);
  'riskFactors': (_aegis_policy_v1_RiskFactor)[];
  /**
   * In the order of evaluation.
   */
  'policies': (_aegis_policy_v1_ExplainedPolicy)[];
  /**
   * Policies of a long set that are not explained.
   */
  'policiesLeftOut': (number);
  /**
   * By the policies as they are now; absent when nothing else was proposed.
   */
  'live'?: (_aegis_policy_v1_SimulatedVerdict | null);
  /**
   * The version of the policies as they are now.
   */
  'policySetVersion': (string);
  /**
   * Every limit there is for the intent, and its agent's wallet if that is enforced.
   */
  'limits': (_aegis_policy_v1_SimulatedLimit)[];
}
