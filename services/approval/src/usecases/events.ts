import { type Actor, serviceActor } from '@aegis/contracts/actor';
import { type Event, createEvent } from '@aegis/contracts/events/envelope';
import type { ApprovalRequest, Vote } from '../domain/approval-request.ts';
import type { NewRequest } from '../domain/open-requests.ts';
import type { ExpiredRequest } from '../store/expire-due.ts';
import type { OpenedRequest } from '../store/insert-requests.ts';

/** Who acted, and the trace it belongs to. */
export interface Origin {
  readonly actor: Actor;
  readonly traceparent: string | null;
}

const SOURCE = 'approval';
const ITSELF: Origin = { actor: serviceActor(SOURCE), traceparent: null };

export function requestedEvent(request: NewRequest, opened: OpenedRequest): Event<'approval.requested'> {
  const { assignees, quorum, expiresInMinutes } = request;
  return createEvent({
    ...ITSELF,
    source: SOURCE,
    type: 'approval.requested',
    time: opened.requestedAt,
    subject: opened.id,
    organizationId: request.organizationId,
    causationId: request.causationId,
    traceparent: request.traceparent,
    data: {
      approvalId: opened.id,
      intentId: request.intentId,
      agentId: request.agentId,
      terms: { assignees: [...assignees], quorum, expiresInMinutes },
      requestedAt: opened.requestedAt.toISOString(),
      expiresAt: opened.expiresAt.toISOString(),
    },
  });
}

export function respondedEvent(request: ApprovalRequest, vote: Vote, origin: Origin): Event<'approval.responded'> {
  return createEvent({
    ...aboutRequest(request, origin),
    type: 'approval.responded',
    time: vote.respondedAt,
    data: {
      ...idsOf(request),
      decision: vote.decision,
      note: vote.note,
      responderId: vote.responderId,
      respondedAt: vote.respondedAt.toISOString(),
      partyIds: [...request.parties],
    },
  });
}

export function selfApprovalRefusedEvent(
  request: ApprovalRequest,
  { responderId, at }: { responderId: string; at: Date },
  origin: Origin,
): Event<'approval.self_approval_refused'> {
  return createEvent({
    ...aboutRequest(request, origin),
    type: 'approval.self_approval_refused',
    time: at,
    data: { ...idsOf(request), responderId, attemptedAt: at.toISOString(), partyIds: [...request.parties] },
  });
}

/** `request` is resolved; `causationId` is the event of the answer that did it. */
export function answeredEvent(
  request: ApprovalRequest,
  { outcome, at, causationId }: { outcome: 'approved' | 'rejected'; at: Date; causationId: string },
  origin: Origin,
): Event<'approval.resolved'> {
  return createEvent({
    ...aboutRequest(request, origin),
    type: 'approval.resolved',
    time: at,
    causationId,
    data: {
      ...idsOf(request),
      outcome,
      responderIds: request.votes.map((vote) => vote.responderId),
      requestedAt: request.requestedAt.toISOString(),
      resolvedAt: at.toISOString(),
      partyIds: [...request.parties],
    },
  });
}

export function expiredEvent(request: ExpiredRequest): Event<'approval.resolved'> {
  return createEvent({
    ...aboutRequest(request, ITSELF),
    type: 'approval.resolved',
    time: request.resolvedAt,
    data: {
      ...idsOf(request),
      outcome: 'expired',
      responderIds: [...request.responderIds],
      requestedAt: request.requestedAt.toISOString(),
      resolvedAt: request.resolvedAt.toISOString(),
    },
  });
}

type Subject = Pick<ApprovalRequest, 'id' | 'organizationId' | 'intentId' | 'agentId'>;

function aboutRequest({ id, organizationId }: Subject, origin: Origin) {
  return { ...origin, source: SOURCE, subject: id, organizationId };
}

function idsOf({ id, intentId, agentId }: Subject) {
  return { approvalId: id, intentId, agentId };
}
