// Original file: aegis/common/v1/common.proto

import type { ActorInput as _aegis_common_v1_ActorInput, Actor as _aegis_common_v1_Actor } from '../../../aegis/common/v1/Actor.ts';

/**
 * Who asks, on whose behalf. Every call carries it; a service never answers across organisations.
 */
export interface CallerInput {
  /**
   * UUID of the organisation that every row of the answer belongs to.
   */
  'organizationId'?: (string);
  'actor'?: (_aegis_common_v1_ActorInput | null);
}

/**
 * Who asks, on whose behalf. Every call carries it; a service never answers across organisations.
 */
export interface Caller {
  /**
   * UUID of the organisation that every row of the answer belongs to.
   */
  'organizationId': (string);
  'actor': (_aegis_common_v1_Actor | null);
}
