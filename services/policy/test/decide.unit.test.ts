import { EVENTS } from '@aegis/contracts/events/catalog';
import { DEFAULT_APPROVAL_TERMS } from '@aegis/contracts/policy-rules';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { budgetsOn } from '../src/domain/purse.ts';
import { observe } from '../src/domain/context.ts';
import { decide } from '../src/domain/decide.ts';
import { decideFirst } from '../src/domain/first-decision.ts';
import type { Policy } from '../src/domain/policy.ts';
import { account, policy, policySet, RUPEES, rupees, STAMP, submission, surroundings } from './samples.ts';

const DENY = policy({ name: 'No', action: 'deny' });
const ALLOW = policy({ name: 'Yes', action: 'allow' });
const ASK = policy({
  name: 'Ask the owner',
  action: 'require_approval',
  approval: { assignees: [{ role: 'owner' }], quorum: 2, expiresInMinutes: 60 },
});

const INR = submission();
const EUROS = submission({ money: { amountMinor: '5000', currency: 'EUR', exponent: 2 } });

function answer(
  intent = INR,
  { agent = account(), policies = [] as Policy[], settings = RUPEES, maxOpenApprovals = 10 } = {},
) {
  const decided = decideFirst(intent, agent, policySet(policies, settings), surroundings({ maxOpenApprovals }), STAMP);
  EVENTS['intent.decided'].data.parse(decided);
  const { policyDecision, outcome, final, matchedPolicy, approvalTerms, guards } = decided;
  return {
    decision: policyDecision,
    outcome,
    final,
    by: matchedPolicy.name,
    kind: matchedPolicy.kind,
    terms: approvalTerms,
    guards: guards.map((guard) => guard.name),
  };
}

describe('without a guard, policies decide', () => {
  test('nothing matches: the organisation’s default action, by its name', () => {
    expect(answer()).toMatchObject({ decision: 'allow', outcome: 'approved', final: true, by: 'Default Allow' });
    const withDefault = (defaultAction: 'deny' | 'require_approval') => ({ settings: { ...RUPEES, defaultAction } });
    expect(answer(INR, withDefault('deny'))).toMatchObject({ outcome: 'denied', by: 'Default Deny', kind: 'default' });
    expect(answer(INR, withDefault('require_approval'))).toMatchObject({
      outcome: 'pending_approval',
      final: false,
      by: 'Default Approval',
      terms: DEFAULT_APPROVAL_TERMS,
    });
  });

  test('the highest priority answers, and among equals the oldest', () => {
    const old = { ...ALLOW, priority: 5, createdAt: '2025-01-01T00:00:00.000Z' };
    expect(answer(INR, { policies: [{ ...DENY, priority: 5 }, old] }).by).toBe('Yes');
    expect(answer(INR, { policies: [{ ...DENY, priority: 5.5 }, old] }).by).toBe('No');
    expect(answer(INR, { policies: [{ ...DENY, priority: 6, isActive: false }, old] }).by).toBe('Yes');
  });

  test('a policy that asks brings its own assignees, else the default ones', () => {
    expect(answer(INR, { policies: [ASK] }).terms).toEqual(ASK.approval);
    expect(answer(INR, { policies: [{ ...ASK, approval: null }] }).terms).toEqual(DEFAULT_APPROVAL_TERMS);
  });
});

describe('guards and policies together: the strictest wins', () => {
  const suspended = () => account({ status: 'suspended' });
  const tight = () => account({ dailyLimit: 4_999n, monthlyLimit: 4_999n });

  test('a suspended agent is denied whatever the policies allow', () => {
    expect(answer(INR, { agent: suspended(), policies: [ALLOW] })).toMatchObject({
      decision: 'deny',
      outcome: 'denied',
      by: 'Agent Suspended',
      kind: 'guard',
    });
  });

  test('limits deny by name, the day before the month, and no approval lifts them', () => {
    expect(answer(INR, { agent: tight(), policies: [ASK] })).toMatchObject({
      by: 'Daily Limit',
      guards: ['Daily Limit', 'Monthly Limit'],
      terms: null,
    });
    expect(answer(INR, { agent: account({ monthlyLimit: 4_999n }) }).by).toBe('Monthly Limit');
    expect(answer(INR, { agent: account({ dailyLimit: 5_000n, monthlyLimit: 5_000n }) }).by).toBe('Default Allow');
    expect(answer(INR, { agent: account({ dailyLimit: 0n }) }).by).toBe('Daily Limit');
  });

  test('among denials the guard names it', () => {
    expect(answer(INR, { agent: suspended(), policies: [DENY] }).by).toBe('Agent Suspended');
  });

  test('without an exchange rate a person is asked, unless a policy denies', () => {
    expect(answer(EUROS)).toMatchObject({ decision: 'require_approval', by: 'Missing FX Rate', kind: 'guard' });
    expect(answer(EUROS, { policies: [ALLOW] }).by).toBe('Missing FX Rate');
    expect(answer(EUROS, { policies: [DENY] })).toMatchObject({ decision: 'deny', by: 'No' });
    expect(answer(EUROS, { agent: suspended() }).by).toBe('Agent Suspended');
  });

  test('among requests for approval the policy’s assignees answer', () => {
    expect(answer(EUROS, { policies: [ASK] })).toMatchObject({
      by: 'Ask the owner',
      terms: ASK.approval,
      guards: ['Missing FX Rate'],
    });
  });

  test('an agent with too many open approvals is denied instead of asking once more', () => {
    const busy = account({ openApprovals: 2 });
    expect(answer(INR, { agent: busy, policies: [ASK], maxOpenApprovals: 2 })).toMatchObject({
      decision: 'deny',
      by: 'Too Many Open Approvals',
    });
    expect(answer(INR, { agent: busy, policies: [ASK], maxOpenApprovals: 3 }).by).toBe('Ask the owner');
    expect(answer(INR, { agent: busy, policies: [ALLOW], maxOpenApprovals: 2 }).by).toBe('Yes');
  });
});

describe('what no rule can decide is denied, and counts nothing', () => {
  test.each([
    ['a negative amount', { money: rupees(-5) }],
    ['an amount of zero', { money: rupees(0) }],
    ['an exponent that the currency does not have', { money: { amountMinor: '5', currency: 'INR', exponent: 3 } }],
  ])('%s', (_, change) => {
    const agent = account();
    expect(answer(submission(change), { agent })).toMatchObject({
      outcome: 'denied',
      by: 'Undecidable',
      kind: 'guard',
    });
    const counted = [...agent.budgets.values()].some((budget) => budget.spent !== 0n || budget.held !== 0n);
    expect([counted, agent.openApprovals, agent.historyCount]).toEqual([false, 0, 0]);
  });

  test('a policy that throws', () => {
    const broken = {
      ...policySet(),
      match: () => {
        throw new Error('broken');
      },
    };
    const decided = decideFirst(INR, account(), broken, surroundings(), STAMP);
    expect(decided).toMatchObject({ outcome: 'denied', reasons: ['Undecidable: broken'] });
  });
});

test('reasons say what stood in the way, in the units that people use', () => {
  const agent = account({ dailyLimit: 100_000n });
  Object.assign(budgetsOn(agent, '2026-03-05').daily, { spent: 90_000n, held: 5_000n });
  const decided = decideFirst(submission({ money: rupees(10_000) }), agent, policySet([ALLOW]), surroundings(), STAMP);
  expect(decided.reasons).toEqual([
    'Daily Limit of the agent: 900.00 is spent and 50.00 held of 1000.00 INR; 100.00 was asked',
    'Policy "Yes" answers allow',
  ]);
});

test('the seed’s weekend policy denies a large amount on a Saturday of the organisation’s calendar', () => {
  const weekend = policy({
    name: 'Block weekend high-value spend',
    priority: 80,
    rules: {
      match: 'all',
      conditions: [
        { field: 'amount', operator: 'gte', value: 50_000 },
        { field: 'day_of_week', operator: 'in', value: ['saturday', 'sunday'] },
      ],
    },
  });
  const at = (createdAt: string, minor: number) =>
    answer(submission({ createdAt, money: rupees(minor) }), { policies: [weekend] }).by;
  // Friday 18:30 UTC is Saturday midnight in Kolkata.
  expect(at('2026-03-06T18:30:00.000Z', 5_000_000)).toBe('Block weekend high-value spend');
  expect(at('2026-03-06T18:29:59.999Z', 5_000_000)).toBe('Default Allow');
  expect(at('2026-03-06T18:30:00.000Z', 4_999_999)).toBe('Default Allow');
});

test('policies in shadow mode are told of, whatever decides, and never decide', () => {
  const shadow = (name: string, priority: number, change: Partial<Policy> = {}) =>
    policy({ name, priority, mode: 'shadow', action: 'deny', ...change });
  const never = { match: 'all' as const, conditions: [{ field: 'amount', operator: 'gt' as const, value: 50 }] };
  const set = policySet([
    shadow('Low', 1, { action: 'require_approval' }),
    shadow('High', 99),
    shadow('Elsewhere', 98, { rules: never }),
    shadow('Asleep', 97, { isActive: false }),
    ALLOW,
  ]);
  const decided = decideFirst(INR, account(), set, surroundings(), STAMP);
  expect(decided).toMatchObject({ outcome: 'approved', matchedPolicy: { name: 'Yes' } });
  expect(decided.shadow?.map(({ name, action }) => [name, action])).toEqual([
    ['High', 'deny'],
    ['Low', 'require_approval'],
  ]);
  expect(set.thresholds).toEqual([]);
  expect(
    decideFirst(INR, account(), policySet([shadow('Low', 1, { rules: never })]), surroundings(), STAMP),
  ).not.toHaveProperty('shadow');
});

test('a recorded context gives the recorded answer again', () => {
  const minor = fc.bigInt({ min: 1n, max: 10n ** 20n });
  const agents = fc.record({
    riskLevel: fc.constantFrom('low', 'medium', 'high'),
    status: fc.constantFrom('active', 'active', 'suspended'),
    dailyLimit: fc.option(minor),
    monthlyLimit: fc.option(minor),
    historyCount: fc.nat(20),
    historySum: minor,
    openApprovals: fc.nat(3),
  });
  const set = policySet([
    policy({
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'daily_spend_after', operator: 'gt', value: 1_000_000 }] },
    }),
    policy({
      action: 'deny',
      rules: { match: 'all', conditions: [{ field: 'risk_score', operator: 'gte', value: 0.4 }] },
    }),
  ]);
  fc.assert(
    fc.property(agents, minor, (agent, amount) => {
      const intent = submission({ money: rupees(amount) });
      const spender = account(agent);
      const before = observe(intent, RUPEES, spender, surroundings(), []);
      const decided = decideFirst(intent, spender, set, surroundings(), STAMP);
      const recorded: typeof decided = JSON.parse(JSON.stringify(decided));
      const again = decide(intent, recorded.context, set);
      expect(again).toMatchObject({
        policyDecision: recorded.policyDecision,
        matchedPolicy: recorded.matchedPolicy,
        reasons: recorded.reasons,
        risk: recorded.risk,
        approvalTerms: recorded.approvalTerms,
      });
      expect(recorded.context).toMatchObject(before);
    }),
  );
});
