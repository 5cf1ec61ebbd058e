// Original file: aegis/audit/v1/audit.proto

import type { Long } from '@grpc/proto-loader';

export interface EntryReferenceInput {
  'seq'?: (number | string | Long);
  'id'?: (string);
  'type'?: (string);
  'checksum'?: (string);
}

export interface EntryReference {
  'seq': (string);
  'id': (string);
  'type': (string);
  'checksum': (string);
}
