// Original file: aegis/policy/v1/policy.proto

import type { LintFindingInput as _aegis_policy_v1_LintFindingInput, LintFinding as _aegis_policy_v1_LintFinding } from '../../../aegis/policy/v1/LintFinding.ts';
import type { UndecidedLintInput as _aegis_policy_v1_UndecidedLintInput, UndecidedLint as _aegis_policy_v1_UndecidedLint } from '../../../aegis/policy/v1/UndecidedLint.ts';
import type { Long } from '@grpc/proto-loader';

export interface LintPoliciesResponseInput {
  'findings'?: (_aegis_policy_v1_LintFindingInput)[];
  /**
   * What was neither found nor excluded.
   */
  'undecided'?: (_aegis_policy_v1_UndecidedLintInput)[];
  /**
   * Beyond the first thousand of each.
   */
  'findingsLeftOut'?: (number);
  'undecidedLeftOut'?: (number);
  /**
   * The version of the policies as they are now.
   */
  'policySetVersion'?: (number | string | Long);
}

export interface LintPoliciesResponse {
  'findings': (_aegis_policy_v1_LintFinding)[];
  /**
   * What was neither found nor excluded.
   */
  'undecided': (_aegis_policy_v1_UndecidedLint)[];
  /**
   * Beyond the first thousand of each.
   */
  'findingsLeftOut': (number);
  'undecidedLeftOut': (number);
  /**
   * The version of the policies as they are now.
   */
  'policySetVersion': (string);
}
