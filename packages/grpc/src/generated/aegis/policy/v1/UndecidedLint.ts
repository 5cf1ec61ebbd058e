// Original file: aegis/policy/v1/policy.proto

import type { PolicyNameInput as _aegis_policy_v1_PolicyNameInput, PolicyName as _aegis_policy_v1_PolicyName } from '../../../aegis/policy/v1/PolicyName.ts';

export interface UndecidedLintInput {
  'kind'?: (string);
  'policy'?: (_aegis_policy_v1_PolicyNameInput | null);
}

export interface UndecidedLint {
  'kind': (string);
  'policy': (_aegis_policy_v1_PolicyName | null);
}
