// Original file: aegis/audit/v1/transparency.proto

import type { Long } from '@grpc/proto-loader';

export interface CheckpointInput {
  'size'?: (number | string | Long);
  'root'?: (Buffer | Uint8Array | string);
  /**
   * A signed note, c2sp.org/tlog-checkpoint.
   */
  'note'?: (string);
}

export interface Checkpoint {
  'size': (string);
  'root': (Buffer);
  /**
   * A signed note, c2sp.org/tlog-checkpoint.
   */
  'note': (string);
}
