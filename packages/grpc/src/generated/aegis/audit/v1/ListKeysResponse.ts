// Original file: aegis/audit/v1/transparency.proto

import type { LogKeyInput as _aegis_audit_v1_LogKeyInput, LogKey as _aegis_audit_v1_LogKey } from '../../../aegis/audit/v1/LogKey.ts';

export interface ListKeysResponseInput {
  /**
   * The current one last.
   */
  'keys'?: (_aegis_audit_v1_LogKeyInput)[];
}

export interface ListKeysResponse {
  /**
   * The current one last.
   */
  'keys': (_aegis_audit_v1_LogKey)[];
}
