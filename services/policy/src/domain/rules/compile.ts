import type { PolicyAction, RuleGroup } from '@aegis/contracts/policy-rules';
import type { Test } from './condition-test.ts';
import { type Formula, TestPool } from './formula.ts';
import { generateFirstMatch } from './generate.ts';
import { type FirstMatch, indexFormulas } from './rule-index.ts';
import { Selectivity } from './selectivity.ts';

/** Up to here, one look at everything is faster than an index. */
const MAX_GENERATED_TESTS = 500;

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
  const { tests, formulas, selectivity } = readRules(list);
  const size = formulas.reduce((sum, formula) => sum + sizeOf(formula), 0);
  return size <= MAX_GENERATED_TESTS
    ? generateFirstMatch(tests, formulas, selectivity)
    : indexFormulas(tests, formulas, selectivity);
}

/** What both forms are made of. */
export function readRules(list: readonly Rules[]): {
  readonly tests: readonly Test[];
  readonly formulas: readonly Formula[];
  readonly selectivity: Selectivity;
} {
  const pool = new TestPool();
  const formulas = list.map(({ rules, action }) => pool.formula(rules, action));
  return { tests: pool.tests, formulas, selectivity: new Selectivity(pool.tests) };
}

function sizeOf(formula: Formula): number {
  return 'parts' in formula ? formula.parts.reduce((sum, part) => sum + sizeOf(part), 0) : 1;
}
