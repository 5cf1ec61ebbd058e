import { ProblemError } from '@aegis/contracts/problems';
import { approvalService } from '@aegis/grpc/definitions';
import type { Approval } from '@aegis/grpc/generated/aegis/approval/v1/Approval';
import { bind, type BoundService } from '@aegis/grpc/server';

export interface FakeApproval {
  readonly service: BoundService;
  /** Opens a request for an intent and returns its id. */
  open(approval: Pick<Approval, 'intentId' | 'agentId' | 'decisionJson'>): string;
  /** Called when a request is resolved, before the answer to the responder. */
  onResolved: (approval: Approval) => Promise<void>;
}

/** Requests that one answer resolves. */
export function fakeApproval(): FakeApproval {
  const approvals = new Map<string, Approval>();
  const fake: FakeApproval = {
    onResolved: async () => undefined,
    open(approval) {
      const id = `apr_${approval.intentId.slice(4)}`;
      approvals.set(id, {
        ...approval,
        id,
        status: 'open',
        assignedTo: [{ role: 'finance' }],
        quorum: 1,
        responses: [],
        requestedAt: '2026-03-05T10:00:01.000Z',
        expiresAt: '2026-03-06T10:00:01.000Z',
        money: null,
      });
      return id;
    },
    service: bind(approvalService, {
      listApprovals: async ({ status, roles }) => ({
        approvals: [...approvals.values()].filter(
          (approval) =>
            approval.status === (status || 'open') && roles.some((role) => role === 'finance' || role === 'owner'),
        ),
        page: { hasMore: false },
      }),
      listForIntent: async ({ intentId }) => ({
        approvals: [...approvals.values()].filter((approval) => approval.intentId === intentId),
        page: { hasMore: false },
      }),
      respond: async ({ approvalId, userId, decision, note }) => {
        const approval = approvals.get(approvalId);
        if (!approval) throw new ProblemError('not_found', 'no such approval');
        if (approval.status !== 'open') throw new ProblemError('wrong_state', `already ${approval.status}`);
        const respondedAt = '2026-03-05T11:00:00.000Z';
        const resolved = {
          ...approval,
          status: decision === 'approve' ? 'approved' : 'rejected',
          responses: [{ responderId: userId, decision, note, respondedAt }],
          resolvedAt: respondedAt,
        };
        approvals.set(approvalId, resolved);
        await fake.onResolved(resolved);
        return resolved;
      },
    }),
  };
  return fake;
}
