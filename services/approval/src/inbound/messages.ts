import type { Approval as ApprovalMessage } from '@aegis/grpc/generated/aegis/approval/v1/Approval';
import type { Approval } from '../domain/approval-request.ts';

export function approvalMessage(approval: Approval): ApprovalMessage {
  return {
    id: approval.id,
    intentId: approval.intentId,
    agentId: approval.agentId,
    status: approval.status,
    assignedTo: [...approval.assignees],
    quorum: approval.quorum,
    responses: approval.votes.map(({ responderId, decision, note, respondedAt }) => ({
      responderId,
      decision,
      ...(note !== null && { note }),
      respondedAt: respondedAt.toISOString(),
    })),
    requestedAt: approval.requestedAt.toISOString(),
    expiresAt: approval.expiresAt.toISOString(),
    ...(approval.resolvedAt && { resolvedAt: approval.resolvedAt.toISOString() }),
    money: approval.money,
    decisionJson: approval.decisionJson,
  };
}
