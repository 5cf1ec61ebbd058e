// Original file: aegis/audit/v1/transparency.proto

import type { Long } from '@grpc/proto-loader';

export interface ConsistencyProofInput {
  'from'?: (number | string | Long);
  'to'?: (number | string | Long);
  'fromRoot'?: (Buffer | Uint8Array | string);
  'toRoot'?: (Buffer | Uint8Array | string);
  'hashes'?: (Buffer | Uint8Array | string)[];
  /**
   * The signed note of `to`, where `to` was absent.
   */
  'checkpoint'?: (string);
  '_checkpoint'?: "checkpoint";
}

export interface ConsistencyProof {
  'from': (string);
  'to': (string);
  'fromRoot': (Buffer);
  'toRoot': (Buffer);
  'hashes': (Buffer)[];
  /**
   * The signed note of `to`, where `to` was absent.
   */
  'checkpoint'?: (string);
}
