// Original file: aegis/policy/v1/policy.proto

import type { SimulatedOutcomeInput as _aegis_policy_v1_SimulatedOutcomeInput, SimulatedOutcome as _aegis_policy_v1_SimulatedOutcome } from '../../../aegis/policy/v1/SimulatedOutcome.ts';
import type { SimulatedPolicyInput as _aegis_policy_v1_SimulatedPolicyInput, SimulatedPolicy as _aegis_policy_v1_SimulatedPolicy } from '../../../aegis/policy/v1/SimulatedPolicy.ts';
import type { SimulatedIntentInput as _aegis_policy_v1_SimulatedIntentInput, SimulatedIntent as _aegis_policy_v1_SimulatedIntent } from '../../../aegis/policy/v1/SimulatedIntent.ts';
import type { Long } from '@grpc/proto-loader';

export interface SimulationReportInput {
  'intents'?: (number | string | Long);
  'changed'?: (number | string | Long);
  'keptErased'?: (number | string | Long);
  'keptUndecidable'?: (number | string | Long);
  'newRequests'?: (number | string | Long);
  'outcomes'?: (_aegis_policy_v1_SimulatedOutcomeInput)[];
  'policies'?: (_aegis_policy_v1_SimulatedPolicyInput)[];
  'examples'?: (_aegis_policy_v1_SimulatedIntentInput)[];
  'baseCurrency'?: (string);
}

export interface SimulationReport {
  'intents': (string);
  'changed': (string);
  'keptErased': (string);
  'keptUndecidable': (string);
  'newRequests': (string);
  'outcomes': (_aegis_policy_v1_SimulatedOutcome)[];
  'policies': (_aegis_policy_v1_SimulatedPolicy)[];
  'examples': (_aegis_policy_v1_SimulatedIntent)[];
  'baseCurrency': (string);
}
