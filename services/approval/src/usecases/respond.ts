import { encodeEvent } from '@aegis/contracts/events/envelope';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import type { Tx } from '@aegis/postgres/transaction';
import { type Answer, judgeAnswer, withVote } from '../domain/respond.ts';
import type { Approval } from '../domain/approval-request.ts';
import { lockRequest } from '../store/lock-request.ts';
import { insertVote, resolveRequest } from '../store/save-vote.ts';
import { type Origin, answeredEvent, respondedEvent, selfApprovalRefusedEvent } from './events.ts';

export interface Respond extends Answer {
  readonly organizationId: string;
  readonly approvalId: string;
  readonly origin: Origin;
}

/**
 * Records one person's answer and resolves to the request after it. All is decided under the request's lock, the deadline
 * by the database's clock. The same answer given again changes nothing.
 *
 * @throws ProblemError `not_found`; `wrong_state` with what the request came to; `self_approval`, once the attempt is
 * recorded; `forbidden` for somebody who was not asked
 */
export async function respond(database: Database, command: Respond): Promise<Approval> {
  // Refusals are returned, not thrown: the transaction of a refused self-approval must commit.
  const result = await database.tx({ organizationId: command.organizationId }, (tx) => decide(tx, command));
  if (result instanceof ProblemError) throw result;
  return result;
}

async function decide(tx: Tx, command: Respond): Promise<Approval | ProblemError> {
  const locked = await lockRequest(tx, command.organizationId, command.approvalId);
  if (!locked) return new ProblemError('not_found', 'there is no such approval request');
  const { approval, now } = locked;
  const verdict = judgeAnswer(approval, command, now);
  switch (verdict.kind) {
    case 'repeated':
      return approval;
    case 'counted':
      return count(tx, { approval, now, resolution: verdict.resolution, command });
    case 'refused':
      if (verdict.code === 'self_approval') await recordAttempt(tx, { approval, now, command });
      return new ProblemError(verdict.code, verdict.detail);
  }
}

interface Judged {
  readonly approval: Approval;
  readonly now: Date;
  readonly command: Respond;
}

async function count(
  tx: Tx,
  { approval, now, command, resolution }: Judged & { resolution: 'approved' | 'rejected' | null },
): Promise<Approval> {
  const { responderId, decision, note, origin } = command;
  const vote = { responderId, decision, note, respondedAt: now };
  const voted = withVote(approval, vote, resolution);
  const responded = respondedEvent(voted, vote, origin);
  await insertVote(tx, approval, vote);
  if (resolution === null) {
    await appendOutbox(tx, [encodeEvent(responded)]);
    return voted;
  }
  await resolveRequest(tx, approval, resolution, now);
  const resolved = answeredEvent(voted, { outcome: resolution, at: now, causationId: responded.id }, origin);
  await appendOutbox(tx, [encodeEvent(responded), encodeEvent(resolved)]);
  return voted;
}

async function recordAttempt(tx: Tx, { approval, now, command }: Judged): Promise<void> {
  const attempt = { responderId: command.responderId, at: now };
  await appendOutbox(tx, [encodeEvent(selfApprovalRefusedEvent(approval, attempt, command.origin))]);
}
