// Original file: aegis/audit/v1/audit.proto

import type { EntryInput as _aegis_audit_v1_EntryInput, Entry as _aegis_audit_v1_Entry } from '../../../aegis/audit/v1/Entry.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListEntriesResponseInput {
  'entries'?: (_aegis_audit_v1_EntryInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListEntriesResponse {
  'entries': (_aegis_audit_v1_Entry)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
