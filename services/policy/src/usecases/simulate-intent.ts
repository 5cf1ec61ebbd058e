import { newId } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import type { Tx } from '@aegis/postgres/transaction';
import type { Account } from '../domain/account.ts';
import { type Command, keyOf, surroundingsOf } from '../domain/batch.ts';
import { UndecidableError } from '../domain/context.ts';
import type { SubmittedIntent } from '../domain/intent.ts';
import type { Settings } from '../domain/organization.ts';
import { type ExplainableSet, explainIntent, type Explanation } from '../domain/simulate-intent.ts';
import type { Surroundings } from '../domain/surroundings.ts';
import type { Caller } from './caller.ts';
import { type DecideDeps, loadState } from './decide-intents.ts';
import { compilePolicies } from './policy-set-cache.ts';
import { loadProposal, type Proposal } from './proposed-policies.ts';

export interface IntentToSimulate extends Proposal {
  readonly intent: Omit<SubmittedIntent, 'intentId' | 'submitter' | 'keyCreatorId'>;
}

export interface IntentSimulation {
  /** By the proposed policies where there are any. */
  readonly explanation: Explanation;
  /** By the policies as they are now; null when nothing else was proposed. */
  readonly live: Explanation | null;
  readonly policySetVersion: number;
  readonly settings: Settings;
}

/**
 * Decides an intent that nobody submitted, against the budgets and the past of its agent as they stand, and explains the
 * answer. Nothing is written. The agent's row is locked while it is read, so that what is seen is one state; the work on
 * policies is done before and after.
 *
 * @throws ProblemError `unknown_agent`, `invalid_policy` naming every fault of the proposed policies
 */
export async function simulateIntent(
  deps: DecideDeps,
  caller: Caller,
  { intent: given, ...proposal }: IntentToSimulate,
): Promise<IntentSimulation> {
  const { organizationId } = caller;
  const intent: SubmittedIntent = { ...given, intentId: newId('int'), submitter: caller.actor, keyCreatorId: null };
  const sets = await deps.database.read(caller, async (tx) => {
    const { live, proposed } = await loadProposal(tx, organizationId, proposal);
    const inForce = { compiled: await deps.policySets.get(tx, organizationId, live.version), policies: live.policies };
    const isProposed = proposal.policies !== null || proposal.defaultAction !== null;
    return isProposed ? [{ compiled: compilePolicies(proposed), policies: proposed.policies }, inForce] : [inForce];
  });
  const seen = await deps.database.tx(caller, async (tx) => {
    const situations: Situation[] = [];
    for (const set of sets) situations.push(await look(tx, deps, caller, intent, set));
    return situations;
  });
  const [tried, before] = seen;
  if (!tried) throw new TypeError('an intent is simulated against one set at least');
  const { version: policySetVersion, settings } = tried.set.compiled;
  return {
    explanation: explain(intent, tried),
    live: before ? explain(intent, before) : null,
    policySetVersion,
    settings,
  };
}

/** An agent and what lies around it, as a set of policies sees them. */
interface Situation {
  readonly set: ExplainableSet;
  readonly account: Account;
  readonly surroundings: Surroundings;
}

/** What is read of the agent's past depends on the policies, so each set is asked with a situation of its own. */
async function look(
  tx: Tx,
  { maxOpenApprovals }: DecideDeps,
  { organizationId, traceparent }: Caller,
  intent: SubmittedIntent,
  set: ExplainableSet,
): Promise<Situation> {
  const { createdAt: decidedAt, intentId: eventId } = intent;
  const stamp = { organizationId, eventId, traceparent, decisionId: newId('dec'), decidedAt };
  const command: Command = { kind: 'decide', ...stamp, intent };
  const policySets = { get: async () => set.compiled };
  const state = await loadState(tx, { policySets, maxOpenApprovals }, [command]);
  const account = state.accounts.get(keyOf(organizationId, intent.agentId));
  if (!account) {
    const message = 'names no agent of this organisation';
    throw new ProblemError('unknown_agent', `agentId ${message}`, [{ path: 'intent.agentId', message }]);
  }
  return { set, account, surroundings: surroundingsOf(state, organizationId, intent, set.compiled.settings) };
}

function explain(intent: SubmittedIntent, { set, account, surroundings }: Situation): Explanation {
  try {
    return explainIntent(intent, account, surroundings, set);
  } catch (error) {
    if (!(error instanceof UndecidableError)) throw error;
    throw new ProblemError('invalid_request', error.message, [{ path: 'intent', message: error.message }]);
  }
}
