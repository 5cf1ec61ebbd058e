// Original file: aegis/policy/v1/policy.proto

import type { PolicyNameInput as _aegis_policy_v1_PolicyNameInput, PolicyName as _aegis_policy_v1_PolicyName } from '../../../aegis/policy/v1/PolicyName.ts';
import type { LintWitnessInput as _aegis_policy_v1_LintWitnessInput, LintWitness as _aegis_policy_v1_LintWitness } from '../../../aegis/policy/v1/LintWitness.ts';

export interface LintFindingInput {
  /**
   * contradiction, unreachable or looser
   */
  'kind'?: (string);
  /**
   * The policy at fault; of looser, the one that answers today.
   */
  'policy'?: (_aegis_policy_v1_PolicyNameInput | null);
  /**
   * Of a contradiction: the conditions that exclude each other.
   */
  'paths'?: (string)[];
  /**
   * Of a contradiction: the alternative that never holds, unless the whole policy does not.
   */
  'alternative'?: (string);
  /**
   * Of unreachable: the policies that answer in its place. Of looser: what would answer.
   */
  'by'?: (_aegis_policy_v1_PolicyNameInput)[];
  /**
   * allow, deny or require_approval: today, and by the proposed set. Of unreachable only the latter.
   */
  'before'?: (string);
  'after'?: (string);
  'witness'?: (_aegis_policy_v1_LintWitnessInput | null);
  '_alternative'?: "alternative";
  '_before'?: "before";
  '_after'?: "after";
  '_witness'?: "witness";
}

export interface LintFinding {
  /**
   * contradiction, unreachable or looser
   */
  'kind': (string);
  /**
   * The policy at fault; of looser, the one that answers today.
   */
  'policy': (_aegis_policy_v1_PolicyName | null);
  /**
   * Of a contradiction: the conditions that exclude each other.
   */
  'paths': (string)[];
  /**
   * Of a contradiction: the alternative that never holds, unless the whole policy does not.
   */
  'alternative'?: (string);
  /**
   * Of unreachable: the policies that answer in its place. Of looser: what would answer.
   */
  'by': (_aegis_policy_v1_PolicyName)[];
  /**
   * allow, deny or require_approval: today, and by the proposed set. Of unreachable only the latter.
   */
  'before'?: (string);
  'after'?: (string);
  'witness'?: (_aegis_policy_v1_LintWitness | null);
}
