// Original file: aegis/audit/v1/audit.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { PageRequestInput as _aegis_common_v1_PageRequestInput, PageRequest as _aegis_common_v1_PageRequest } from '../../../aegis/common/v1/PageRequest.ts';

export interface ListEntriesRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'page'?: (_aegis_common_v1_PageRequestInput | null);
  'type'?: (string);
  'actorId'?: (string);
  'subjectId'?: (string);
  'intentId'?: (string);
  /**
   * RFC 3339; half-open range over recorded_at.
   */
  'from'?: (string);
  'to'?: (string);
  /**
   * A part of the data, what is disclosed included. A page may then be short although more follow.
   */
  'text'?: (string);
  '_type'?: "type";
  '_actorId'?: "actorId";
  '_subjectId'?: "subjectId";
  '_intentId'?: "intentId";
  '_from'?: "from";
  '_to'?: "to";
  '_text'?: "text";
}

export interface ListEntriesRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'page': (_aegis_common_v1_PageRequest | null);
  'type'?: (string);
  'actorId'?: (string);
  'subjectId'?: (string);
  'intentId'?: (string);
  /**
   * RFC 3339; half-open range over recorded_at.
   */
  'from'?: (string);
  'to'?: (string);
  /**
   * A part of the data, what is disclosed included. A page may then be short although more follow.
   */
  'text'?: (string);
}
