// Original file: aegis/audit/v1/audit.proto

import type { EntryReferenceInput as _aegis_audit_v1_EntryReferenceInput, EntryReference as _aegis_audit_v1_EntryReference } from '../../../aegis/audit/v1/EntryReference.ts';

export interface ListForIntentResponseInput {
  'entries'?: (_aegis_audit_v1_EntryReferenceInput)[];
}

export interface ListForIntentResponse {
  'entries': (_aegis_audit_v1_EntryReference)[];
}
