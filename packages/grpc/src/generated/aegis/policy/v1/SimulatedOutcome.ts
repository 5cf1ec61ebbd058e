// Original file: aegis/policy/v1/policy.proto

import type { SimulationTallyInput as _aegis_policy_v1_SimulationTallyInput, SimulationTally as _aegis_policy_v1_SimulationTally } from '../../../aegis/policy/v1/SimulationTally.ts';

export interface SimulatedOutcomeInput {
  'before'?: (string);
  'after'?: (string);
  'tally'?: (_aegis_policy_v1_SimulationTallyInput | null);
}

export interface SimulatedOutcome {
  'before': (string);
  'after': (string);
  'tally': (_aegis_policy_v1_SimulationTally | null);
}
