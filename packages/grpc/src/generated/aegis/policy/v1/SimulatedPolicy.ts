// Original file: aegis/policy/v1/policy.proto

import type { SimulationTallyInput as _aegis_policy_v1_SimulationTallyInput, SimulationTally as _aegis_policy_v1_SimulationTally } from '../../../aegis/policy/v1/SimulationTally.ts';

export interface SimulatedPolicyInput {
  /**
   * policy, guard or default
   */
  'kind'?: (string);
  'id'?: (string);
  'name'?: (string);
  'before'?: (_aegis_policy_v1_SimulationTallyInput | null);
  'after'?: (_aegis_policy_v1_SimulationTallyInput | null);
  '_id'?: "id";
}

export interface SimulatedPolicy {
  /**
   * policy, guard or default
   */
  'kind': (string);
  'id'?: (string);
  'name': (string);
  'before': (_aegis_policy_v1_SimulationTally | null);
  'after': (_aegis_policy_v1_SimulationTally | null);
}
