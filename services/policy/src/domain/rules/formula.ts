import type { Condition, PolicyAction, RuleGroup } from '@aegis/contracts/policy-rules';
import { createTest, type Test, testKey } from './condition-test.ts';

/** Rules over numbered tests. A group is never empty, never alone, and never directly inside one of its own kind. */
export type Formula =
  | { readonly kind: 'always' }
  | { readonly kind: 'test'; readonly id: number }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Formula[] };

/** The tests of a policy set: conditions that are the same in several policies are one test, evaluated once. */
export class TestPool {
  readonly tests: Test[] = [];
  readonly #ids = new Map<string, number>();

  /** @throws Error for rules that validation refuses */
  formula(rules: RuleGroup, action: PolicyAction): Formula {
    if (rules.match === 'any' && rules.conditions.length === 0) throw new Error('"any" of no conditions');
    const parts = new Map<string, Formula>();
    for (const condition of rules.conditions) {
      const part = 'match' in condition ? this.formula(condition, action) : this.#test(condition, action);
      for (const simple of part.kind === rules.match ? part.parts : [part]) {
        // What always holds settles `any` and adds nothing to `all`.
        if (simple.kind !== 'always') parts.set(keyOf(simple), simple);
        else if (rules.match === 'any') return simple;
      }
    }
    const [first, second] = parts.values();
    if (!first) return { kind: 'always' };
    if (!second) return first;
    return { kind: rules.match, parts: [...parts.values()] };
  }

  #test(condition: Condition, action: PolicyAction): Formula {
    const test = createTest(condition, action);
    const key = testKey(test);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.tests.push(test) - 1;
      this.#ids.set(key, id);
    }
    return { kind: 'test', id };
  }
}

function keyOf(formula: Formula): string {
  switch (formula.kind) {
    case 'always':
      return 'always';
    case 'test':
      return String(formula.id);
    case 'all':
    case 'any':
      return `${formula.kind}(${formula.parts.map(keyOf).join()})`;
  }
}
