import type { Condition, PolicyAction, RuleGroup } from '@aegis/contracts/policy-rules';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsOf, observe } from '../src/domain/context.ts';
import { compilePolicySet, inEvaluationOrder } from '../src/domain/policy-set.ts';
import { compileFirstMatch, readRules } from '../src/domain/rules/compile.ts';
import { generateFirstMatch } from '../src/domain/rules/generate.ts';
import { indexFormulas } from '../src/domain/rules/rule-index.ts';
import { answeringPolicy } from './reference-evaluator.ts';
import { observed, risks } from './observed-arbitraries.ts';
import { narrowGroups, rareGroups, ruleGroups } from './rule-arbitraries.ts';
import { account, policy, RUPEES, submission, surroundings } from './samples.ts';

const someRules = fc.oneof({ weight: 1, arbitrary: ruleGroups }, { weight: 2, arbitrary: narrowGroups });

const policyOf = (rules: fc.Arbitrary<RuleGroup>) =>
  fc
    .record({
      action: fc.constantFrom('allow', 'deny', 'require_approval'),
      priority: fc.constantFrom(1, 2, 2.5),
      createdAt: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
      isActive: fc.boolean(),
      archived: fc.nat(5).map((value) => value === 0),
      rules,
    })
    .map(policy);

const policies = fc.array(policyOf(ruleGroups), { maxLength: 5 });
const crowds = fc.array(policyOf(rareGroups), { minLength: 150, maxLength: 300 });
const manyPolicies = fc.array(policyOf(someRules), { maxLength: 40 });

test('the compiled set finds the policy that a reading of the rules one by one finds', () => {
  let matched = 0;
  fc.assert(
    fc.property(policies, observed, risks, (set, { intent, context }, risk) => {
      const expected = answeringPolicy(set, intent, context, risk);
      if (expected) matched += 1;
      expect(compilePolicySet(set)(fieldsOf(intent, context, risk))?.id).toBe(expected?.id);
    }),
    { numRuns: 10_000 },
  );
  expect(matched).toBeGreaterThan(1_000);
});

test.each([
  ['a few', 3_000, manyPolicies],
  // Lists of the index get so long that they become indexes of their own.
  ['hundreds', 60, crowds],
])('generated code and the index of %s policies agree with the reference, intent after intent', (_, numRuns, sets) => {
  const intents = fc.array(fc.tuple(observed, risks), { minLength: 1, maxLength: 8 });
  let matched = 0;
  let asked = 0;
  fc.assert(
    fc.property(sets, intents, (set, list) => {
      const ordered = inEvaluationOrder(set).filter(({ isActive, archived }) => isActive && !archived);
      const { tests, formulas, selectivity } = readRules(ordered);
      const generated = generateFirstMatch(tests, formulas, selectivity);
      const indexed = indexFormulas(tests, formulas, selectivity);
      for (const [{ intent, context }, risk] of list) {
        const expected = answeringPolicy(set, intent, context, risk)?.id;
        asked += 1;
        if (expected) matched += 1;
        expect(ordered[generated(fieldsOf(intent, context, risk))]?.id).toBe(expected);
        expect(ordered[indexed(fieldsOf(intent, context, risk))]?.id).toBe(expected);
      }
    }),
    { numRuns },
  );
  expect(matched).toBeGreaterThan(asked / 4);
});

describe('a missing value', () => {
  const fields = (() => {
    const intent = submission({ merchant: null, metadata: { list: ['casino'] } });
    return fieldsOf(intent, observe(intent, RUPEES, account(), surroundings(), []), '0.1');
  })();
  const matches = (condition: Condition, action: PolicyAction) =>
    compileFirstMatch([{ rules: { match: 'all', conditions: [condition] }, action }])(fields) === 0;

  test.each<Condition>([
    { field: 'merchant', operator: 'eq', value: 'acme' },
    { field: 'merchant', operator: 'in', value: ['acme'] },
    { field: 'merchant', operator: 'contains', value: 'a' },
    { field: 'merchant', operator: 'starts_with', value: 'a' },
    { field: 'merchant', operator: 'ends_with', value: 'a' },
    { field: 'merchant', operator: 'matches', value: '.*' },
    { field: 'metadata.amount', operator: 'lt', value: 5 },
    { field: 'metadata.amount', operator: 'between', value: [0, 5] },
    { field: 'metadata.list', operator: 'contains', value: 'casino' },
    { field: 'merchant', operator: 'exists' },
  ])('fails a positive comparison in every policy: $field $operator', (condition) => {
    for (const action of ['allow', 'deny', 'require_approval'] as const) expect(matches(condition, action)).toBe(false);
  });

  test.each<Condition>([
    { field: 'merchant', operator: 'neq', value: 'casino' },
    { field: 'merchant', operator: 'not_in', value: ['casino'] },
    { field: 'merchant', operator: 'not_contains', value: 'casino' },
    { field: 'metadata.list', operator: 'neq', value: 'casino' },
    { field: 'metadata.a.b.c', operator: 'not_in', value: [1] },
  ])('passes a negative one where it restricts, and fails it where it allows: $field $operator', (condition) => {
    expect(matches(condition, 'deny')).toBe(true);
    expect(matches(condition, 'require_approval')).toBe(true);
    expect(matches(condition, 'allow')).toBe(false);
  });

  test('is told by exists', () => {
    expect(matches({ field: 'merchant', operator: 'exists', value: false }, 'allow')).toBe(true);
    expect(matches({ field: 'metadata.list', operator: 'exists' }, 'allow')).toBe(true);
    expect(matches({ field: 'metadata.toString', operator: 'exists' }, 'deny')).toBe(false);
  });
});

test('a hostile pattern costs time in proportion to the text', () => {
  const intent = submission({ reason: 'a'.repeat(50) + '!' });
  const fields = fieldsOf(intent, observe(intent, RUPEES, account(), surroundings(), []), '0.1');
  const rules = {
    match: 'all' as const,
    conditions: [{ field: 'reason', operator: 'matches' as const, value: '((a+)+)+$' }],
  };
  const firstMatch = compileFirstMatch([{ rules, action: 'deny' }]);
  const times = [1, 2, 3, 4, 5].map(() => {
    const started = performance.now();
    expect(firstMatch(fields)).toBe(-1);
    return performance.now() - started;
  });
  expect(Math.min(...times)).toBeLessThan(50);
});
