// Original file: aegis/audit/v1/transparency.proto

import type { CheckpointInput as _aegis_audit_v1_CheckpointInput, Checkpoint as _aegis_audit_v1_Checkpoint } from '../../../aegis/audit/v1/Checkpoint.ts';
import type { Long } from '@grpc/proto-loader';

export interface InclusionProofInput {
  'seq'?: (number | string | Long);
  /**
   * The exact text whose hash is proved.
   */
  'leaf'?: (string);
  /**
   * Hex.
   */
  'checksum'?: (string);
  /**
   * From the leaf's sibling up to a child of the root.
   */
  'hashes'?: (Buffer | Uint8Array | string)[];
  'checkpoint'?: (_aegis_audit_v1_CheckpointInput | null);
}

export interface InclusionProof {
  'seq': (string);
  /**
   * The exact text whose hash is proved.
   */
  'leaf': (string);
  /**
   * Hex.
   */
  'checksum': (string);
  /**
   * From the leaf's sibling up to a child of the root.
   */
  'hashes': (Buffer)[];
  'checkpoint': (_aegis_audit_v1_Checkpoint | null);
}
