// Original file: aegis/audit/v1/audit.proto

import type { ActorInput as _aegis_common_v1_ActorInput, Actor as _aegis_common_v1_Actor } from '../../../aegis/common/v1/Actor.ts';
import type { Long } from '@grpc/proto-loader';

export interface EntryInput {
  'seq'?: (number | string | Long);
  'id'?: (string);
  'type'?: (string);
  'actor'?: (_aegis_common_v1_ActorInput | null);
  'subjectType'?: (string);
  'subjectId'?: (string);
  /**
   * JSON of the entry's data, disclosed fields included where they were not erased.
   */
  'dataJson'?: (string);
  'occurredAt'?: (string);
  'recordedAt'?: (string);
  /**
   * Hex of SHA-256(0x00 || leaf bytes).
   */
  'checksum'?: (string);
  'previousChecksum'?: (string);
  /**
   * Id of the event that caused this one.
   */
  'causationId'?: (string);
  /**
   * JSON Pointers of the values that were recorded and are erased.
   */
  'erased'?: (string)[];
  '_causationId'?: "causationId";
}

export interface Entry {
  'seq': (string);
  'id': (string);
  'type': (string);
  'actor': (_aegis_common_v1_Actor | null);
  'subjectType': (string);
  'subjectId': (string);
  /**
   * JSON of the entry's data, disclosed fields included where they were not erased.
   */
  'dataJson': (string);
  'occurredAt': (string);
  'recordedAt': (string);
  /**
   * Hex of SHA-256(0x00 || leaf bytes).
   */
  'checksum': (string);
  'previousChecksum': (string);
  /**
   * Id of the event that caused this one.
   */
  'causationId'?: (string);
  /**
   * JSON Pointers of the values that were recorded and are erased.
   */
  'erased': (string)[];
}
