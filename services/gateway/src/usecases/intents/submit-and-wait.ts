import type { StoredIntent } from '../../domain/intents/intent.ts';
import { intentIdOf } from '../../domain/intents/submission.ts';
import type { IntentWaiters } from './intent-waiters.ts';
import { getIntent, type ReadIntentsDeps } from './read-intents.ts';
import { type AcceptedIntent, submitIntent, type SubmitIntentCommand, type SubmitIntentDeps } from './submit-intent.ts';

export interface SubmitAndWaitDeps extends SubmitIntentDeps, ReadIntentsDeps {
  readonly waiters: IntentWaiters;
}

export interface Patience {
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Like `submitIntent`, and then waits for the decision; `decided` is null when none came in time. */
export async function submitAndWait(
  deps: SubmitAndWaitDeps,
  command: SubmitIntentCommand,
  { waitMs, signal }: Patience,
): Promise<{ accepted: AcceptedIntent; decided: StoredIntent | null }> {
  // Begun before the intent exists: it may be decided before the commit's answer is here.
  const wait = deps.waiters.begin(intentIdOf(command.seed), { goal: 'decided', timeoutMs: waitMs, signal });
  try {
    const accepted = await submitIntent(deps, command);
    if (accepted.kind === 'accepted') return { accepted, decided: await wait.reached };
    const intent = await getIntent(deps, { principal: command.principal, id: accepted.submission.id, waitMs, signal });
    return { accepted, decided: intent.decision === null ? null : intent };
  } finally {
    wait.cancel();
  }
}
