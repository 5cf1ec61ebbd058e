// Original file: aegis/policy/v1/policy.proto

import type { DecisionFindingInput as _aegis_policy_v1_DecisionFindingInput, DecisionFinding as _aegis_policy_v1_DecisionFinding } from '../../../aegis/policy/v1/DecisionFinding.ts';
import type { Long } from '@grpc/proto-loader';

export interface VerifyDecisionsProgressInput {
  'checked'?: (number | string | Long);
  'total'?: (number | string | Long);
  'same'?: (number | string | Long);
  'different'?: (number | string | Long);
  'unverifiable'?: (number | string | Long);
  /**
   * Those found since the message before.
   */
  'findings'?: (_aegis_policy_v1_DecisionFindingInput)[];
  'done'?: (boolean);
}

export interface VerifyDecisionsProgress {
  'checked': (string);
  'total': (string);
  'same': (string);
  'different': (string);
  'unverifiable': (string);
  /**
   * Those found since the message before.
   */
  'findings': (_aegis_policy_v1_DecisionFinding)[];
  'done': (boolean);
}
