// Original file: aegis/policy/v1/policy.proto

import type { SimulatedIntentInput as _aegis_policy_v1_SimulatedIntentInput, SimulatedIntent as _aegis_policy_v1_SimulatedIntent } from '../../../aegis/policy/v1/SimulatedIntent.ts';
import type { SimulationReportInput as _aegis_policy_v1_SimulationReportInput, SimulationReport as _aegis_policy_v1_SimulationReport } from '../../../aegis/policy/v1/SimulationReport.ts';
import type { Long } from '@grpc/proto-loader';

export interface SimulateWindowProgressInput {
  /**
   * Decisions replayed so far, those before the window included.
   */
  'replayed'?: (number | string | Long);
  'total'?: (number | string | Long);
  'intents'?: (_aegis_policy_v1_SimulatedIntentInput)[];
  /**
   * Set in the last message.
   */
  'report'?: (_aegis_policy_v1_SimulationReportInput | null);
  '_report'?: "report";
}

export interface SimulateWindowProgress {
  /**
   * Decisions replayed so far, those before the window included.
   */
  'replayed': (string);
  'total': (string);
  'intents': (_aegis_policy_v1_SimulatedIntent)[];
  /**
   * Set in the last message.
   */
  'report'?: (_aegis_policy_v1_SimulationReport | null);
}
