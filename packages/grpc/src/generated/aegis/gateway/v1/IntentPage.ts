// Original file: aegis/gateway/v1/populations.proto

import type { IntentFactsInput as _aegis_gateway_v1_IntentFactsInput, IntentFacts as _aegis_gateway_v1_IntentFacts } from '../../../aegis/gateway/v1/IntentFacts.ts';

export interface IntentPageInput {
  'intents'?: (_aegis_gateway_v1_IntentFactsInput)[];
  /**
   * The database's clock at the beginning: what was created at this time or later is not listed.
   */
  'asOf'?: (string);
}

export interface IntentPage {
  'intents': (_aegis_gateway_v1_IntentFacts)[];
  /**
   * The database's clock at the beginning: what was created at this time or later is not listed.
   */
  'asOf': (string);
}
