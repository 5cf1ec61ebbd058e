import type { PolicyAction, RuleGroup } from '@aegis/contracts/policy-rules';
import { type Formula, TestPool } from './formula.ts';
import { generateFirstMatch } from './generate.ts';
import { type FirstMatch, indexFormulas } from './rule-index.ts';

/** Up to here, one look at everything is faster than an index. */
const MAX_GENERATED_TESTS = 64;

export interface Rules {
  readonly rules: RuleGroup;
  readonly action: PolicyAction;
}

/**
 * Compiles rules in the order of evaluation into a function that finds the first that holds for an intent. The function
 * is not to be called from within itself: evaluations share their state.
 *
 * @throws Error for rules that validation refuses
 */
export function compileFirstMatch(list: readonly Rules[]): FirstMatch {
  const pool = new TestPool();
  const formulas = list.map(({ rules, action }) => pool.formula(rules, action));
  const size = formulas.reduce((sum, formula) => sum + sizeOf(formula), 0);
  return size <= MAX_GENERATED_TESTS ? generateFirstMatch(pool.tests, formulas) : indexFormulas(pool.tests, formulas);
}

function sizeOf(formula: Formula): number {
  return 'parts' in formula ? formula.parts.reduce((sum, part) => sum + sizeOf(part), 0) : 1;
}
