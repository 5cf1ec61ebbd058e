// Original file: aegis/audit/v1/audit.proto

import type { ExportFileInput as _aegis_audit_v1_ExportFileInput, ExportFile as _aegis_audit_v1_ExportFile } from '../../../aegis/audit/v1/ExportFile.ts';

export interface ExportChunkInput {
  'content'?: (Buffer | Uint8Array | string);
  /**
   * Set in the first message, whose content is empty.
   */
  'file'?: (_aegis_audit_v1_ExportFileInput | null);
}

export interface ExportChunk {
  'content': (Buffer);
  /**
   * Set in the first message, whose content is empty.
   */
  'file': (_aegis_audit_v1_ExportFile | null);
}
