import type { PolicyAction } from '@aegis/contracts/policy-rules';
import type { Policy } from '../policy.ts';
import type { Formula } from '../rules/formula.ts';
import type { ExplainableSet } from '../simulate-intent.ts';
import { answer, type Answered, decidingPolicies, type Inquiry } from './inquiry.ts';
import type { RealIntent } from './real-intents.ts';
import type { Outcome } from './search.ts';

/** An intent that the proposed policies answer less strictly than those of today. */
export interface Looser {
  readonly real: RealIntent;
  readonly live: Answered;
  readonly proposed: Answered;
}

/** Something that can answer: a policy, or the default when none matches. */
export interface Answerer {
  /** Null is the default. */
  readonly policy: Policy | null;
  readonly action: PolicyAction;
  readonly formula: Formula;
  /** The same for the very same at the same place in the order of another set. */
  readonly key: string;
}

const STRICTNESS: Readonly<Record<PolicyAction, number>> = { allow: 0, require_approval: 1, deny: 2 };

const ALWAYS: Formula = { kind: 'always' };

export function answerersOf(set: ExplainableSet, inquiry: Inquiry): Answerer[] {
  const policies = decidingPolicies(set).map((policy) => {
    const { id, action, priority, rules } = policy;
    const key = `${id} ${action} ${priority} ${JSON.stringify(rules)}`;
    return { policy, action, formula: inquiry.formulaOf(policy), key };
  });
  const action = set.compiled.settings.defaultAction;
  return [...policies, { policy: null, action, formula: ALWAYS, key: action }];
}

/** An answer of today, and what is less strict and may answer in its place. */
export interface Replacement {
  readonly strict: Answerer;
  /** The least strict first. */
  readonly by: readonly Answerer[];
}

/** Where what answers today is proposed as well, only something new can get ahead of it. */
export function replacements(live: readonly Answerer[], proposed: readonly Answerer[]): Replacement[] {
  const [before, after] = [live, proposed].map((answerers) => new Set(answerers.map(({ key }) => key)));
  const bySlack = proposed.toSorted((a, b) => STRICTNESS[a.action] - STRICTNESS[b.action]);
  const fresh = bySlack.filter(({ key }) => !before?.has(key));
  return live.map((strict) => ({
    strict,
    by: (after?.has(strict.key) ? fresh : bySlack).filter(
      ({ action }) => STRICTNESS[action] < STRICTNESS[strict.action],
    ),
  }));
}

/** Looks for an intent that the one answers today, and the other, which is less strict, would answer. */
export function findLooser(
  strict: Answerer,
  other: Answerer,
  { live, proposed }: { readonly live: ExplainableSet; readonly proposed: ExplainableSet },
  inquiry: Inquiry,
): { readonly outcome: Outcome; readonly finding: Looser | null } {
  let finding: Looser | null = null;
  const outcome = inquiry.find(
    {
      holding: [strict.formula, other.formula],
      obstacle: (fields) => {
        const today = live.compiled.match(fields);
        if (today && today.id !== strict.policy?.id) return inquiry.formulaOf(today);
        const then = proposed.compiled.match(fields);
        return then && then.id !== other.policy?.id ? inquiry.formulaOf(then) : null;
      },
    },
    (real) => {
      const [today, then] = [answer(live, real), answer(proposed, real)];
      if (!today || !then) return false;
      if (STRICTNESS[then.verdict.policyDecision] >= STRICTNESS[today.verdict.policyDecision]) return false;
      finding = { real, live: today, proposed: then };
      return true;
    },
  );
  return { outcome, finding };
}
