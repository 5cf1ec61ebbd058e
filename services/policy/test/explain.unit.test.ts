import type { Condition, PolicyAction, RuleGroup } from '@aegis/contracts/policy-rules';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsOf, observe } from '../src/domain/context.ts';
import { compileFirstMatch } from '../src/domain/rules/compile.ts';
import { explainRules } from '../src/domain/rules/explain.ts';
import { explainIntent } from '../src/domain/simulate-intent.ts';
import { answeringPolicy } from './reference-evaluator.ts';
import { observed, risks } from './observed-arbitraries.ts';
import { ruleGroups } from './rule-arbitraries.ts';
import { account, policy, policySet, RUPEES, submission, surroundings } from './samples.ts';

const actions = fc.constantFrom<PolicyAction>('allow', 'deny', 'require_approval');

function conditionsOf(group: RuleGroup): Condition[] {
  return group.conditions.flatMap((part) => ('match' in part ? conditionsOf(part) : [part]));
}

test('an explanation says of every condition, and of the whole, what the evaluator and the reference say', () => {
  let held = 0;
  fc.assert(
    fc.property(ruleGroups, actions, observed, risks, (rules, action, { intent, context }, risk) => {
      const fields = fieldsOf(intent, context, risk);
      const holds = (group: RuleGroup) => {
        const answer = compileFirstMatch([{ rules: group, action }])(fields) === 0;
        expect(answeringPolicy([policy({ rules: group, action })], intent, context, risk) !== null).toBe(answer);
        return answer;
      };
      const explained = explainRules(rules, action, fields);
      if (explained.holds) held += 1;
      expect(explained.holds).toBe(holds(rules));
      const conditions = conditionsOf(rules);
      expect(explained.conditions.map(({ field, operator, value }) => ({ field, operator, value }))).toEqual(
        conditions.map(({ field, operator, value }) => ({ field, operator, value })),
      );
      expect(explained.conditions.map((condition) => condition.holds)).toEqual(
        conditions.map((condition) => holds({ match: 'all', conditions: [condition] })),
      );
      expect(JSON.parse(JSON.stringify(explained.conditions))).toEqual(
        explained.conditions.map((condition) => JSON.parse(JSON.stringify(condition))),
      );
    }),
    { numRuns: 3_000 },
  );
  expect(held).toBeGreaterThan(500);
});

describe('what an intent has there is shown', () => {
  const metadata = { list: [1], nested: { deep: 'x' }, flag: false, long: 'x'.repeat(1_000) };
  const intent = submission({
    money: { amountMinor: '1234567890123456789012', currency: 'INR', exponent: 2 },
    merchant: '  ',
    metadata,
  });
  const fields = fieldsOf(intent, observe(intent, RUPEES, account(), surroundings(), []), '0.12');
  const actual = (field: string, operator: Condition['operator'] = 'exists') =>
    explainRules({ match: 'all', conditions: [{ field, operator }] }, 'deny', fields).conditions[0]?.actual;

  test.each([
    ['amount', '12345678901234567890.12'],
    ['daily_spend', 0],
    ['risk_score', 0.12],
    ['day_of_week', 'thursday'],
    ['merchant', null],
    ['metadata.absent', null],
    ['metadata.flag', false],
    ['metadata.list', '(a list)'],
    ['metadata.nested', '(an object)'],
    ['metadata.nested.deep', 'x'],
    ['metadata.long', `${'x'.repeat(256)}…`],
  ])('%s', (field, shown) => {
    expect(actual(field)).toBe(shown);
  });
});

test('nested conditions are named by their place', () => {
  const exists = { field: 'merchant', operator: 'exists' } as const;
  const rules: RuleGroup = { match: 'any', conditions: [exists, { match: 'all', conditions: [exists, exists] }] };
  const intent = submission();
  const fields = fieldsOf(intent, observe(intent, RUPEES, account(), surroundings(), []), '0');
  expect(explainRules(rules, 'deny', fields).conditions.map(({ path }) => path)).toEqual([
    'rules.conditions[0]',
    'rules.conditions[1].conditions[0]',
    'rules.conditions[1].conditions[1]',
  ]);
});

test('the policy that answers is marked, others are explained too, and a guard may be stricter', () => {
  const policies = [
    policy({ name: 'Off', priority: 9, isActive: false }),
    policy({ name: 'Shadow', priority: 8, mode: 'shadow' }),
    policy({
      name: 'Else',
      priority: 7,
      rules: { match: 'all', conditions: [{ field: 'amount', operator: 'gt', value: 9_999 }] },
    }),
    policy({ name: 'Yes', priority: 6, action: 'allow' }),
    policy({ name: 'Too late', priority: 5 }),
  ];
  const set = { compiled: policySet(policies), policies };
  const told = explainIntent(submission(), account({ status: 'suspended' }), surroundings(), set);
  expect(told.verdict.matchedPolicy.name).toBe('Agent Suspended');
  expect(told.policies.map(({ policy: { name }, holds, answers }) => [name, holds, answers])).toEqual([
    ['Off', true, false],
    ['Shadow', true, false],
    ['Else', false, false],
    ['Yes', true, true],
    ['Too late', true, false],
  ]);
});

test('a set too long to be told is told in part, the policy that answers in any case', () => {
  const exists = { field: 'merchant', operator: 'exists', value: false } as const;
  const never: RuleGroup = { match: 'all', conditions: Array.from({ length: 99 }, () => exists) };
  const policies = [
    ...Array.from({ length: 60 }, (_, index) => policy({ priority: 100 - index, rules: never })),
    policy({ name: 'At last', priority: 1 }),
    policy({ name: 'After all', priority: 0 }),
  ];
  const told = explainIntent(submission(), account(), surroundings(), { compiled: policySet(policies), policies });
  expect(told.policies).toHaveLength(51);
  expect(told.leftOut).toBe(11);
  expect(told.policies.at(-1)).toMatchObject({ policy: { name: 'At last' }, answers: true });
});
