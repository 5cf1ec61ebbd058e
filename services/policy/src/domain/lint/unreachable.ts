import type { Policy } from '../policy.ts';
import { compileFirstMatch } from '../rules/compile.ts';
import type { Fields } from '../rules/fields.ts';
import type { Formula } from '../rules/formula.ts';
import type { ExplainableSet } from '../simulate-intent.ts';
import { answer, type Answered, type Inquiry } from './inquiry.ts';
import type { RealIntent } from './real-intents.ts';
import type { Outcome } from './search.ts';

/** A policy whose rules can hold, but that never answers: others always come first. */
export interface Unreachable {
  readonly policy: Policy;
  /** The policies that together take everything away from it. */
  readonly by: readonly Policy[];
  readonly witness: Witness;
}

/** An intent, and what a set of policies makes of it. */
export interface Witness extends Answered {
  readonly real: RealIntent;
}

/**
 * Whether a policy that decides never does. When that is proven, an intent is looked for that shows it: the policy's
 * rules hold for it, and another one answers.
 *
 * @param policies those that decide
 */
export function unreachable(
  policy: Policy,
  policies: readonly Policy[],
  set: ExplainableSet,
  inquiry: Inquiry,
): { readonly outcome: Outcome; readonly finding: Unreachable | null } {
  const holding = [inquiry.formulaOf(policy)];
  const inTheWay = new Map<Formula, Policy>();
  const obstacle = (fields: Fields) => {
    const answering = set.compiled.match(fields);
    if (!answering || answering.id === policy.id) return null;
    const formula = inquiry.formulaOf(answering);
    inTheWay.set(formula, answering);
    return formula;
  };
  const outcome = inquiry.canHold(holding, obstacle);
  if (outcome !== 'none') return { outcome, finding: null };
  const by = policies.filter((other) => inTheWay.get(inquiry.formulaOf(other)) !== undefined);
  const holds = compileFirstMatch([policy]);
  let witness: Witness | null = null;
  inquiry.find({ holding, obstacle: () => null }, (real) => {
    const answered = answer(set, real);
    if (!answered || holds(answered.fields) !== 0) return false;
    if (set.compiled.match(answered.fields)?.id === policy.id) return false;
    witness = { real, ...answered };
    return true;
  });
  return witness ? { outcome, finding: { policy, by, witness } } : { outcome: 'unknown', finding: null };
}
