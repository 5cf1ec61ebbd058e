// Original file: aegis/audit/v1/audit.proto


export interface ExportFileInput {
  /**
   * Also in the entries export.requested and export.completed.
   */
  'exportId'?: (string);
  'name'?: (string);
  'mediaType'?: (string);
}

export interface ExportFile {
  /**
   * Also in the entries export.requested and export.completed.
   */
  'exportId': (string);
  'name': (string);
  'mediaType': (string);
}
