// Original file: aegis/audit/v1/audit.proto

import type { Long } from '@grpc/proto-loader';

export interface VerifyProgressInput {
  'checked'?: (number | string | Long);
  'size'?: (number | string | Long);
  'done'?: (boolean);
  /**
   * Set when done: whether every checksum, link and position is right.
   */
  'intact'?: (boolean);
  /**
   * The first fault, in words, with its sequence number.
   */
  'fault'?: (string);
  /**
   * Checksum of the last entry.
   */
  'head'?: (string);
  '_fault'?: "fault";
}

export interface VerifyProgress {
  'checked': (string);
  'size': (string);
  'done': (boolean);
  /**
   * Set when done: whether every checksum, link and position is right.
   */
  'intact': (boolean);
  /**
   * The first fault, in words, with its sequence number.
   */
  'fault'?: (string);
  /**
   * Checksum of the last entry.
   */
  'head': (string);
}
