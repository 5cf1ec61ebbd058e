// Original file: aegis/audit/v1/audit.proto

import type { Long } from '@grpc/proto-loader';

export interface ExportFileInput {
  /**
   * Also in the entries export.requested and export.completed.
   */
  'exportId'?: (string);
  'name'?: (string);
  'mediaType'?: (string);
  /**
   * Only where the export was asked for again.
   */
  'totalBytes'?: (number | string | Long);
  '_totalBytes'?: "totalBytes";
}

export interface ExportFile {
  /**
   * Also in the entries export.requested and export.completed.
   */
  'exportId': (string);
  'name': (string);
  'mediaType': (string);
  /**
   * Only where the export was asked for again.
   */
  'totalBytes'?: (string);
}
