import type { ApprovalRequest, Assignee, Decision, Vote } from './approval-request.ts';

export interface Answer {
  readonly responderId: string;
  readonly roles: readonly string[];
  readonly decision: Decision;
  readonly note: string | null;
}

/** What an answer comes to. */
export type Verdict =
  /** It counts; `resolution` is set when it settles the request. */
  | { readonly kind: 'counted'; readonly resolution: 'approved' | 'rejected' | null }
  /** The same person has said the same before: nothing changes. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'refused'; readonly code: 'wrong_state' | 'self_approval' | 'forbidden'; readonly detail: string };

/**
 * Judges one person's answer to a request as it stands at `now`. The first rejection settles it; otherwise the approval
 * that completes the quorum does. A person has one vote, and none on a request they are a party to.
 */
export function judgeAnswer(request: ApprovalRequest, answer: Answer, now: Date): Verdict {
  const earlier = request.votes.find((vote) => samePerson(vote.responderId, answer.responderId));
  if (earlier) return judgeRepetition(earlier.decision, answer.decision);
  if (request.status !== 'open') return refused('wrong_state', `the request is already ${request.status}`);
  if (now >= request.expiresAt)
    return refused('wrong_state', `the request expired at ${request.expiresAt.toISOString()}`);
  if (request.parties.some((party) => samePerson(party, answer.responderId))) {
    return refused('self_approval', 'the intent is your own: you submitted it, own its agent or made its key');
  }
  if (!request.assignees.some((assignee) => isAssigned(assignee, answer))) {
    return refused('forbidden', 'the request is assigned neither to you nor to one of your roles');
  }
  return { kind: 'counted', resolution: resolutionBy(request, answer.decision) };
}

/** The request once an answer has counted. */
export function withVote<R extends ApprovalRequest>(
  request: R,
  vote: Vote,
  resolution: 'approved' | 'rejected' | null,
): R {
  const votes = [...request.votes, vote];
  return resolution === null
    ? { ...request, votes }
    : { ...request, votes, status: resolution, resolvedAt: vote.respondedAt };
}

function judgeRepetition(earlier: Decision, decision: Decision): Verdict {
  if (earlier === decision) return { kind: 'repeated' };
  return refused('wrong_state', `you have answered with ${earlier} before, and an answer is final`);
}

function resolutionBy(request: ApprovalRequest, decision: Decision): 'approved' | 'rejected' | null {
  if (decision === 'reject') return 'rejected';
  const approvals = request.votes.filter((vote) => vote.decision === 'approve').length + 1;
  return approvals >= request.quorum ? 'approved' : null;
}

function isAssigned(assignee: Assignee, { responderId, roles }: Answer): boolean {
  return 'role' in assignee ? roles.includes(assignee.role) : samePerson(assignee.userId, responderId);
}

/** Ids are UUIDs, whose letters have no case; they must not come to matter by the way an id was written. */
function samePerson(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function refused(code: 'wrong_state' | 'self_approval' | 'forbidden', detail: string): Verdict {
  return { kind: 'refused', code, detail };
}
