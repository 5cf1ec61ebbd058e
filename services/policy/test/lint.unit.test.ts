import type { Condition, RuleGroup } from '@aegis/contracts/policy-rules';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test, vi } from 'vitest';
import type { Policy } from '../src/domain/policy.ts';
import { answer } from '../src/domain/lint/inquiry.ts';
import { type Finding, lint, type LintReport } from '../src/domain/lint/lint.ts';
import { compileFirstMatch } from '../src/domain/rules/compile.ts';
import { observed, risks } from './observed-arbitraries.ts';
import { answeringPolicy } from './reference-evaluator.ts';
import { narrowGroups, ruleGroups } from './rule-arbitraries.ts';
import { ORGANIZATION_ID, policy, policySet, RUPEES } from './samples.ts';

const options = { organizationId: ORGANIZATION_ID, today: '2026-03-05' };

function setOf(policies: readonly Policy[], defaultAction: Policy['action'] = 'allow') {
  return { compiled: policySet(policies, { ...RUPEES, defaultAction }), policies };
}

function lintNow(live: ReturnType<typeof setOf>, proposed: ReturnType<typeof setOf> | null = null): LintReport {
  const steps = lint({ live, proposed, options });
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const all = (...conditions: RuleGroup['conditions']): RuleGroup => ({ match: 'all', conditions });
const any = (...conditions: RuleGroup['conditions']): RuleGroup => ({ match: 'any', conditions });
const when = (field: string, operator: Condition['operator'], value?: Condition['value']): Condition =>
  value === undefined ? { field, operator } : { field, operator, value };

function ofKind<K extends Finding['kind']>(report: LintReport, kind: K) {
  return report.findings.filter((finding): finding is Extract<Finding, { kind: K }> => finding.kind === kind);
}

describe('what never holds is named with the conditions that exclude each other', () => {
  test.each<[string, RuleGroup, string[]]>([
    ['amounts', all(when('amount', 'gt', 100), when('merchant', 'exists'), when('amount', 'lte', 100)), ['[0]', '[2]']],
    [
      'between an amount and the next',
      all(when('amount_base', 'gt', 100), when('amount_base', 'lt', 100.01)),
      ['[0]', '[1]'],
    ],
    ['texts', all(when('merchant', 'eq', 'Acme'), when('merchant', 'starts_with', 'b')), ['[0]', '[1]']],
    ['beginnings', all(when('merchant', 'starts_with', 'ab'), when('merchant', 'starts_with', 'ac')), ['[0]', '[1]']],
    ['parts', all(when('reason', 'contains', 'casino'), when('reason', 'not_contains', 'sin')), ['[0]', '[1]']],
    ['nothing there', all(when('merchant', 'exists', false), when('merchant', 'contains', 'a')), ['[0]', '[1]']],
    ['hours', all(when('hour_of_day', 'gt', 23)), ['[0]']],
    ['days', all(when('day_of_month', 'between', [32, 40])), ['[0]']],
    [
      'words',
      all(when('day_of_week', 'eq', 'monday'), when('day_of_week', 'in', ['sunday', 'friday'])),
      ['[0]', '[1]'],
    ],
    ['shares', all(when('confidence', 'gt', 0.5), when('confidence', 'lt', 0.500001)), ['[0]', '[1]']],
    ['dates', all(when('date', 'gt', '2026-03-05'), when('date', 'lt', '2026-03-06')), ['[0]', '[1]']],
    ['counts', all(when('intents_last_hour', 'lt', 0)), ['[0]']],
    ['truth', all(when('merchant_seen_before', 'eq', true), when('merchant_seen_before', 'eq', false)), ['[0]', '[1]']],
    ['metadata', all(when('metadata.a', 'gt', 1), when('metadata.a', 'contains', 'x')), ['[0]', '[1]']],
    [
      'a group against a condition',
      all(when('currency', 'eq', 'EUR'), any(when('currency', 'eq', 'USD'), when('currency', 'in', ['GBP', 'JPY']))),
      ['[0]', '[1]'],
    ],
  ])('%s', (_, rules, places) => {
    const report = lintNow(setOf([policy({ rules })]));
    expect(report.undecided).toEqual([]);
    expect(report.findings).toMatchObject([
      { kind: 'contradiction', alternative: null, paths: places.map((place) => `rules.conditions${place}`) },
    ]);
  });

  test('an alternative among others is named by its place', () => {
    const rules = all(
      when('amount', 'gt', 100),
      any(when('merchant', 'eq', 'acme'), all(when('amount', 'lt', 50), when('merchant', 'exists'))),
      any(when('currency', 'eq', 'EUR'), when('currency', 'eq', 'USD')),
    );
    const report = lintNow(setOf([policy({ rules })]));
    expect(report).toMatchObject({
      findings: [
        {
          kind: 'contradiction',
          alternative: 'rules.conditions[1].conditions[1]',
          paths: ['rules.conditions[0]', 'rules.conditions[1].conditions[1].conditions[0]'],
        },
      ],
      undecided: [],
    });
  });
});

describe('a policy that never answers is named with those that answer in its place', () => {
  const wide = policy({ name: 'Wide', priority: 50, rules: all(when('amount', 'gt', 100)) });
  test.each<[string, Policy[], RuleGroup, string[]]>([
    [
      'behind one that holds whenever it does',
      [wide],
      all(when('amount', 'gte', 200), when('merchant', 'eq', 'a')),
      ['Wide'],
    ],
    [
      'behind one that always holds',
      [policy({ name: 'All', priority: 50 })],
      all(when('merchant', 'eq', 'a')),
      ['All'],
    ],
    [
      'behind two that share it out',
      [wide, policy({ name: 'Small', priority: 40, rules: all(when('amount', 'lte', 150)) })],
      all(when('currency', 'eq', 'EUR')),
      ['Wide', 'Small'],
    ],
    [
      'behind an alternative',
      [
        policy({
          name: 'Either',
          priority: 50,
          rules: any(when('merchant', 'starts_with', 'a'), when('amount', 'gt', 9)),
        }),
      ],
      all(when('merchant', 'in', ['Acme', 'Amble'])),
      ['Either'],
    ],
  ])('%s', (_, ahead, rules, names) => {
    const hidden = policy({ name: 'Hidden', priority: 1, action: 'allow', rules });
    const report = lintNow(setOf([...ahead, hidden]));
    expect(report.undecided).toEqual([]);
    const [finding] = ofKind(report, 'unreachable');
    expect(report.findings).toHaveLength(1);
    expect(finding?.policy).toBe(hidden);
    expect(finding?.by.map(({ name }) => name)).toEqual(names);
    expect(names).toContain(finding?.witness.verdict.matchedPolicy.name);
  });

  test('one that still answers something is not', () => {
    const seen = policy({ priority: 1, rules: all(when('amount', 'gte', 100)) });
    expect(lintNow(setOf([wide, seen]))).toEqual({ findings: [], undecided: [] });
    const missing = policy({ priority: 1, rules: all(when('merchant', 'exists', false)) });
    const named = policy({ priority: 50, rules: all(when('merchant', 'matches', '.*')) });
    expect(lintNow(setOf([named, missing]))).toEqual({ findings: [], undecided: [] });
    const asleep = policy({ priority: 90, isActive: false });
    const shadow = policy({ priority: 90, mode: 'shadow' });
    expect(lintNow(setOf([asleep, shadow, seen]))).toEqual({ findings: [], undecided: [] });
  });
});

describe('a proposal that answers less strictly is shown by an intent', () => {
  const cap = policy({ name: 'Cap', priority: 50, action: 'deny', rules: all(when('amount', 'gt', 1_000)) });
  const ask = policy({
    name: 'Ask',
    priority: 40,
    action: 'require_approval',
    rules: all(when('daily_spend_after', 'gt', 500)),
  });
  const live = setOf([cap, ask]);
  const change = (of: Policy, changed: Partial<Policy>) => ({ ...of, ...changed });

  test.each<[string, Policy[], Policy['action'], [string, string, string][]]>([
    [
      'a higher cap',
      [change(cap, { rules: all(when('amount', 'gt', 1_000.01)) }), ask],
      'allow',
      [['Cap', 'deny', 'require_approval']],
    ],
    ['a policy less', [cap], 'allow', [['Ask', 'require_approval', 'allow']]],
    [
      'one that allows ahead of others',
      [cap, ask, policy({ name: 'Night', priority: 60, action: 'allow', rules: all(when('hour_of_day', 'lt', 4)) })],
      'allow',
      [
        ['Cap', 'deny', 'allow'],
        ['Ask', 'require_approval', 'allow'],
      ],
    ],
    [
      'text, counts, wallets and risk at once',
      [
        cap,
        ask,
        policy({
          name: 'Trusted',
          priority: 60,
          action: 'allow',
          rules: all(
            when('merchant', 'matches', '^(acme|globex) (paper|ink)$'),
            when('risk_score', 'between', [0.3, 0.4]),
            when('intents_last_hour', 'gte', 3),
            when('wallet_balance', 'gt', 12.5),
            when('merchant_spend_30d', 'gt', 100),
            when('day_of_week', 'eq', 'sunday'),
            when('day_of_month', 'lte', 7),
            when('metadata.project.code', 'starts_with', 'X-'),
          ),
        }),
      ],
      'allow',
      [
        ['Cap', 'deny', 'allow'],
        ['Ask', 'require_approval', 'allow'],
      ],
    ],
  ])('%s', (_, policies, defaultAction, expected) => {
    const proposed = setOf(policies, defaultAction);
    const report = lintNow(live, proposed);
    expect(report.undecided).toEqual([]);
    const found = ofKind(report, 'looser');
    expect(
      found.map(({ live: before, proposed: after }) => [
        before.verdict.matchedPolicy.name,
        before.verdict.policyDecision,
        after.verdict.policyDecision,
      ]),
    ).toEqual(expected);
    for (const { real } of found) {
      expect(answer(live, real)?.verdict.policyDecision).not.toBe('allow');
      expect(answer(proposed, real)?.verdict.policyDecision).not.toBe('deny');
    }
  });

  test('a default that allows in the place of one that denies', () => {
    const report = lintNow(setOf([], 'deny'), setOf([], 'allow'));
    expect(report.findings).toMatchObject([
      { kind: 'looser', live: { verdict: { matchedPolicy: { name: 'Default Deny' } } } },
    ]);
  });

  test.each<[string, Policy[]]>([
    ['the same', [cap, ask]],
    ['a lower cap', [change(cap, { rules: all(when('amount', 'gt', 999)) }), ask]],
    ['one more that denies', [cap, ask, policy({ priority: 45, rules: all(when('reason', 'contains', 'x')) })]],
    ['one that allows what was allowed', [cap, ask, policy({ priority: 1, action: 'allow' })]],
    ['another order of what denies', [change(cap, { priority: 30 }), change(ask, { action: 'deny', priority: 60 })]],
  ])('nothing is shown for %s, and that there is nothing is proven', (_, policies) => {
    expect(lintNow(live, setOf(policies))).toEqual({ findings: [], undecided: [] });
  });
});

describe('work is bounded', () => {
  const words = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const groups = (prefix: string, operator: Condition['operator'], match: 'all' | 'any'): RuleGroup => ({
    match,
    conditions: Array.from({ length: 5 }, (_, group) => ({
      match,
      conditions: words(`${prefix}${group}-`, 99).map((value) => when('reason', operator, value)),
    })),
  });

  test('however long the rules that are in the way of each other are', () => {
    const policies = [
      ...words('any', 5).map((name, index) =>
        policy({ name, priority: 90 - index, rules: groups(name, 'contains', 'any') }),
      ),
      policy({ name: 'all', priority: 5, action: 'allow', rules: groups('not', 'not_contains', 'all') }),
      policy({ name: 'last', priority: 1, rules: groups('last', 'matches', 'any') }),
    ];
    const { findings, undecided } = lintNow(setOf(policies), setOf(policies.toReversed().slice(1)));
    expect(findings.length + undecided.length).toBeGreaterThan(0);
  });

  test('whatever the regular expressions expand to that a set may have', () => {
    let steps = 0;
    const matches = RE2JS.prototype.test;
    const match = vi.spyOn(RE2JS.prototype, 'test').mockImplementation(function (this: RE2JS, input) {
      steps += this.programSize() * input.length;
      return matches.call(this, input);
    });
    const rules = all(
      ...Array.from({ length: 10 }, (_, index) => when('reason', 'matches', `a{${index + 1}}b{${950 - index}}`)),
      when('risk_score', 'gt', 0.999_999),
    );
    const texts = Array.from({ length: 60 }, (_, index) => `${index}${'a'.repeat(1_000)}`);
    const listed = policy({ name: 'Listed', priority: 8, rules: all(when('reason', 'in', texts)) });
    const question = lint({
      live: setOf([policy({ name: 'Heavy', priority: 9, rules }), listed]),
      proposed: null,
      options,
    });
    expect(question.next().done).toBe(false);
    expect(steps).toBeLessThan(10_000_000);
    match.mockRestore();
  });

  test('a pattern of which no example can be written leaves its question open', () => {
    const rules = all(when('merchant', 'matches', '^[^a-z]{3}\\p{Greek}+$'), when('amount', 'gt', 5));
    const proposed = setOf([policy({ name: 'Greek', priority: 9, action: 'allow', rules })]);
    const report = lintNow(setOf([], 'deny'), setOf(proposed.policies, 'deny'));
    expect(report.findings).toEqual([]);
    expect(report.undecided.map(({ kind }) => kind)).toContain('looser');
  });
});

const someRules = fc.oneof(ruleGroups, narrowGroups);
const policies = fc.array(
  fc
    .record({
      action: fc.constantFrom('allow' as const, 'deny' as const, 'require_approval' as const),
      priority: fc.constantFrom(1, 2, 3),
      isActive: fc.nat(9).map((value) => value > 0),
      mode: fc.nat(9).map((value) => (value > 0 ? ('enforce' as const) : ('shadow' as const))),
      rules: someRules,
    })
    .map(policy),
  { maxLength: 6 },
);
const looks = fc.array(fc.tuple(observed, risks), { minLength: 20, maxLength: 20 });
const defaults = fc.constantFrom('allow' as const, 'deny' as const);

/** The conditions at some places joined, as the reference reads them. */
function partsAt({ rules }: Policy, paths: readonly string[]): RuleGroup['conditions'] {
  return paths.map((path) => {
    const indexes = [...path.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index));
    return indexes.reduce<RuleGroup | Condition>((part, index) => {
      const inner = 'match' in part ? part.conditions[index] : undefined;
      if (!inner) throw new Error(`nothing is at ${path}`);
      return inner;
    }, rules);
  });
}

const STRICTNESS = { allow: 0, require_approval: 1, deny: 2 };

test('no finding is false: witnesses show what they claim, and nothing shows the contrary of a proof', () => {
  const counts = { contradiction: 0, unreachable: 0, looser: 0, undecided: 0 };
  fc.assert(
    fc.property(policies, policies, fc.nat(6), defaults, looks, (before, after, kept, defaultAction, seen) => {
      const live = setOf(before, defaultAction);
      const proposed = setOf([...before.slice(0, kept), ...after], defaultAction);
      const report = lintNow(live, proposed);
      counts.undecided += report.undecided.length;
      const enforced = (set: typeof live) => set.policies.filter(({ mode }) => mode === 'enforce');
      for (const finding of report.findings) counts[finding.kind] += 1;

      for (const { policy: owner, paths } of ofKind(report, 'contradiction')) {
        const core = { ...owner, isActive: true, rules: all(...partsAt(owner, paths)) };
        for (const [{ intent, context }, risk] of seen) {
          expect(answeringPolicy([core], intent, context, risk)).toBe(null);
        }
      }
      for (const { policy: owner, by, witness } of ofKind(report, 'unreachable')) {
        expect(compileFirstMatch([owner])(witness.fields)).toBe(0);
        expect(by.length).toBeGreaterThan(0);
        expect(proposed.compiled.match(witness.fields)?.id).not.toBe(owner.id);
        for (const [{ intent, context }, risk] of seen) {
          expect(answeringPolicy(enforced(proposed), intent, context, risk)?.id).not.toBe(owner.id);
        }
      }
      const looser = ofKind(report, 'looser');
      for (const { real } of looser) {
        const [today, then] = [answer(live, real), answer(proposed, real)];
        if (!today || !then) throw new Error('a witness makes no sense');
        expect(STRICTNESS[then.verdict.policyDecision]).toBeLessThan(STRICTNESS[today.verdict.policyDecision]);
      }
      const isDecided = looser.length === 0 && !report.undecided.some(({ kind }) => kind === 'looser');
      if (!isDecided) return;
      for (const [{ intent, context }, risk] of seen) {
        const strictness = (set: typeof live) =>
          STRICTNESS[answeringPolicy(enforced(set), intent, context, risk)?.action ?? defaultAction];
        expect(strictness(proposed)).toBeGreaterThanOrEqual(strictness(live));
      }
    }),
    { numRuns: 500 },
  );
  expect(counts.contradiction).toBeGreaterThan(100);
  expect(counts.unreachable).toBeGreaterThan(50);
  expect(counts.looser).toBeGreaterThan(100);
});
