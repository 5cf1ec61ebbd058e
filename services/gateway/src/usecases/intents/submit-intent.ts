import type { SubmitIntentBody } from '@aegis/contracts/http/intents';
import { ProblemError } from '@aegis/contracts/problems';
import type { Principal } from '@aegis/http/principal';
import type { GroupCommit } from '@aegis/postgres/group-commit';
import { createSubmission } from '../../domain/intents/submission.ts';
import { type AgentDirectory, unknownAgent } from './agent-directory.ts';
import { idempotencyMark } from './idempotency-mark.ts';
import type { PendingSubmission, SubmissionOutcome } from './write-submissions.ts';

export interface SubmitIntentCommand {
  readonly principal: Principal;
  readonly body: SubmitIntentBody;
  readonly amountText: string;
  readonly idempotencyKey: string | null;
  readonly seed: string;
  readonly traceparent: string | null;
}

export interface SubmitIntentDeps {
  readonly agents: Pick<AgentDirectory, 'exists'>;
  readonly commit: Pick<GroupCommit<PendingSubmission, SubmissionOutcome>, 'submit'>;
}

export type AcceptedIntent = Exclude<SubmissionOutcome, { kind: 'key_reused' }>;

/**
 * Accepts an intent: once this resolves, it is durable and will be decided.
 *
 * @throws ProblemError the faults of amount and currency, `unknown_agent`, `idempotency_key_reused`,
 *   `unavailable`
 */
export async function submitIntent(deps: SubmitIntentDeps, command: SubmitIntentCommand): Promise<AcceptedIntent> {
  const { principal, body } = command;
  const submission = createSubmission({ ...command, organizationId: principal.organizationId });
  if (!(await deps.agents.exists(principal, body.agentId))) throw unknownAgent();
  const outcome = await deps.commit.submit({
    submission,
    submitter: { actor: principal.actor, keyCreatorId: principal.keyCreatorId },
    mark: command.idempotencyKey === null ? null : idempotencyMark(principal, command.idempotencyKey, submission),
    traceparent: command.traceparent,
  });
  if (outcome.kind === 'key_reused') {
    throw new ProblemError('idempotency_key_reused', 'this Idempotency-Key came with another body before');
  }
  return outcome;
}
