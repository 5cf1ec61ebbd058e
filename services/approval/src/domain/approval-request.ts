import type { Money } from '@aegis/contracts/money';

/** Whom a request asks: whoever holds a role, or one person. */
export type Assignee = { readonly role: string } | { readonly userId: string };

/**
 * `open` until the quorum approves, one person rejects, the deadline passes, or the intent is decided on another way and
 * the request is withdrawn. All but `open` are final.
 */
export const APPROVAL_STATUSES = ['open', 'approved', 'rejected', 'expired', 'withdrawn'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export type Decision = 'approve' | 'reject';

export interface Vote {
  readonly responderId: string;
  readonly decision: Decision;
  readonly note: string | null;
  readonly respondedAt: Date;
}

export interface ApprovalRequest {
  readonly id: string;
  readonly organizationId: string;
  readonly intentId: string;
  readonly agentId: string;
  readonly status: ApprovalStatus;
  readonly assignees: readonly Assignee[];
  /** How many people must approve. */
  readonly quorum: number;
  /** Ids of the people who may not answer, because the request is theirs. */
  readonly parties: readonly string[];
  /** In the order they were given. */
  readonly votes: readonly Vote[];
  readonly requestedAt: Date;
  /** The first moment at which it is too late to answer. */
  readonly expiresAt: Date;
  readonly resolvedAt: Date | null;
}

/** A request with what the people who answer are shown. */
export interface Approval extends ApprovalRequest {
  readonly money: Money;
  /** JSON of the decision that asked: {matchedPolicy, risk, reasons, context}. */
  readonly decisionJson: string;
}
