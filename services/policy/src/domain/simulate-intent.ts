import type { RuleGroup } from '@aegis/contracts/policy-rules';
import type { Account } from './account.ts';
import { fieldsOf, observe } from './context.ts';
import { decide, type Verdict } from './decide.ts';
import type { SubmittedIntent } from './intent.ts';
import { type LimitCheck, limitChecks } from './limit-checks.ts';
import type { Policy } from './policy.ts';
import { inEvaluationOrder, type PolicySet } from './policy-set.ts';
import { type ExplainedRules, explainRules } from './rules/explain.ts';
import type { Surroundings } from './surroundings.ts';

/** A policy as it turned out for an intent. */
export interface ExplainedPolicy extends ExplainedRules {
  readonly policy: Policy;
  /** The policies' answer is this one's: the first in force that holds. A guard may still be stricter. */
  readonly answers: boolean;
}

export interface Explanation {
  readonly verdict: Verdict;
  /** The limits and the wallet that the intent has to fit. */
  readonly limits: readonly LimitCheck[];
  /** In the order of evaluation, those that are switched off or in shadow mode as well. */
  readonly policies: readonly ExplainedPolicy[];
  /** Policies that would have made the explanation too long. */
  readonly leftOut: number;
}

/** A compiled set together with what it was compiled from. */
export interface ExplainableSet {
  readonly compiled: PolicySet;
  readonly policies: readonly Policy[];
}

/** A longer explanation is for nobody to read, and to work it out would keep others waiting. */
const MAX_CONDITIONS = 5_000;

/**
 * What an intent would be answered, and why: every condition of every policy with the value that it saw. It decides as
 * `decide` does and counts nothing.
 *
 * @throws UndecidableError for an intent that makes no sense
 */
export function explainIntent(
  intent: SubmittedIntent,
  account: Account,
  surroundings: Surroundings,
  { compiled, policies }: ExplainableSet,
): Explanation {
  const context = observe(intent, compiled.settings, account, surroundings, compiled.thresholds);
  const verdict = decide(intent, context, compiled);
  const fields = fieldsOf(intent, context, verdict.risk.score);
  const answering = compiled.match(fields)?.id;
  let conditions = 0;
  const told = inEvaluationOrder(policies).filter(({ id, rules }) => {
    conditions += sizeOf(rules);
    return conditions <= MAX_CONDITIONS || id === answering;
  });
  return {
    verdict,
    limits: limitChecks(context),
    policies: told.map((policy) => ({
      policy,
      answers: policy.id === answering,
      ...explainRules(policy.rules, policy.action, fields),
    })),
    leftOut: policies.length - told.length,
  };
}

/** Its conditions, and one for itself: a policy of none takes room as well. */
function sizeOf({ conditions }: RuleGroup): number {
  return conditions.reduce((sum, part) => sum + ('match' in part ? sizeOf(part) : 1), 1);
}
