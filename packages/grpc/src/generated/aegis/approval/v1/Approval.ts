// Original file: aegis/approval/v1/approval.proto

import type { AssigneeInput as _aegis_approval_v1_AssigneeInput, Assignee as _aegis_approval_v1_Assignee } from '../../../aegis/approval/v1/Assignee.ts';
import type { ResponseInput as _aegis_approval_v1_ResponseInput, Response as _aegis_approval_v1_Response } from '../../../aegis/approval/v1/Response.ts';
import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';

export interface ApprovalInput {
  'id'?: (string);
  'intentId'?: (string);
  'agentId'?: (string);
  /**
   * open, approved, rejected, expired, or withdrawn because the intent was decided without it.
   */
  'status'?: (string);
  'assignedTo'?: (_aegis_approval_v1_AssigneeInput)[];
  'quorum'?: (number);
  'responses'?: (_aegis_approval_v1_ResponseInput)[];
  /**
   * RFC 3339, milliseconds, UTC.
   */
  'requestedAt'?: (string);
  'expiresAt'?: (string);
  'resolvedAt'?: (string);
  'money'?: (_aegis_common_v1_MoneyInput | null);
  /**
   * JSON of the decision that asked: {matchedPolicy, risk, reasons, context}, as in the event intent.decided.
   */
  'decisionJson'?: (string);
  '_resolvedAt'?: "resolvedAt";
}

export interface Approval {
  'id': (string);
  'intentId': (string);
  'agentId': (string);
  /**
   * open, approved, rejected, expired, or withdrawn because the intent was decided without it.
   */
  'status': (string);
  'assignedTo': (_aegis_approval_v1_Assignee)[];
  'quorum': (number);
  'responses': (_aegis_approval_v1_Response)[];
  /**
   * RFC 3339, milliseconds, UTC.
   */
  'requestedAt': (string);
  'expiresAt': (string);
  'resolvedAt'?: (string);
  'money': (_aegis_common_v1_Money | null);
  /**
   * JSON of the decision that asked: {matchedPolicy, risk, reasons, context}, as in the event intent.decided.
   */
  'decisionJson': (string);
}
