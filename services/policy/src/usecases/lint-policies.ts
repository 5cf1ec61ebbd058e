import { setImmediate } from 'node:timers/promises';
import { localTime } from '../domain/calendar.ts';
import { lint, type LintReport } from '../domain/lint/lint.ts';
import type { Caller } from './caller.ts';
import type { DecideDeps } from './decide-intents.ts';
import { compilePolicies } from './policy-set-cache.ts';
import { loadProposal, type Proposal } from './proposed-policies.ts';

export interface LintedPolicies extends LintReport {
  readonly policySetVersion: number;
}

/**
 * Looks for mistakes in the policies of now, or in a proposed set and in what it changes. Between its steps the process'
 * other work gets its turn, and nothing more is done for somebody who is gone.
 *
 * @throws ProblemError `invalid_policy` naming every fault of the proposed policies
 */
export async function lintPolicies(
  deps: Pick<DecideDeps, 'database' | 'policySets'>,
  caller: Caller,
  proposal: Proposal,
  now: Date,
  signal: AbortSignal,
): Promise<LintedPolicies> {
  signal.throwIfAborted();
  const { organizationId } = caller;
  const { live, proposed } = await deps.database.read(caller, async (tx) => {
    const loaded = await loadProposal(tx, organizationId, proposal);
    const compiled = await deps.policySets.get(tx, organizationId, loaded.live.version);
    return { live: { compiled, policies: loaded.live.policies }, proposed: loaded.proposed };
  });
  const isProposed = proposal.policies !== null || proposal.defaultAction !== null;
  const { version: policySetVersion, settings } = live.compiled;
  const steps = lint({
    live,
    proposed: isProposed ? { compiled: compilePolicies(proposed), policies: proposed.policies } : null,
    options: { organizationId, today: localTime(now.getTime(), settings.timeZone).date },
  });
  for (;;) {
    const { done, value } = steps.next();
    if (done) return { ...value, policySetVersion };
    await setImmediate();
    signal.throwIfAborted();
  }
}
