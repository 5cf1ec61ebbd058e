// Original file: aegis/approval/v1/approval.proto

import type { ApprovalInput as _aegis_approval_v1_ApprovalInput, Approval as _aegis_approval_v1_Approval } from '../../../aegis/approval/v1/Approval.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListApprovalsResponseInput {
  'approvals'?: (_aegis_approval_v1_ApprovalInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListApprovalsResponse {
  'approvals': (_aegis_approval_v1_Approval)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
