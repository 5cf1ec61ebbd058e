import { EVENTS } from '@aegis/contracts/events/catalog';
import { describe, expect, test } from 'vitest';
import type { Account } from '../src/domain/account.ts';
import type { DecidedIntent } from '../src/domain/intent.ts';
import { budgetsOn } from '../src/domain/purse.ts';
import { BudgetError } from '../src/domain/budget.ts';
import { decideFinally } from '../src/domain/final-decision.ts';
import { decideFirst } from '../src/domain/first-decision.ts';
import { account, policy, policySet, RECHECK, STAMP, submission, surroundings } from './samples.ts';

const APPROVAL_ID = 'apr_0193f2c3a1b27c4d8e5f60718293a4b5';
const LATER = '2026-03-06T08:00:00.000Z';
const ASKING = policySet([policy({ name: 'Ask', action: 'require_approval' })]);
const EUROS = { money: { amountMinor: '5000', currency: 'EUR', exponent: 2 } };

function pending(change: Parameters<typeof submission>[0] = {}) {
  const agent = account({ dailyLimit: 5_000n });
  const decision = decideFirst(submission(change), agent, ASKING, surroundings(), STAMP);
  expect(decision).toMatchObject({ outcome: 'pending_approval', final: false });
  return { agent, decision, budget: budgetsOn(agent, '2026-03-05').daily };
}

/** What becomes of a decision that waited once people have answered. */
function answer(decision: DecidedIntent, outcome: 'approved' | 'rejected' | 'expired', agent: Account) {
  return decideFinally(decision, { approvalId: APPROVAL_ID, outcome, resolvedAt: LATER }, agent, RECHECK, LATER);
}

describe('people answered', () => {
  test('yes: what was held is spent, in the window of the intent’s creation', () => {
    const { agent, decision, budget } = pending();
    expect(budget).toMatchObject({ spent: 0n, held: 5_000n });
    const final = answer(decision, 'approved', agent);
    EVENTS['intent.decided'].data.parse(final);
    expect(final).toMatchObject({
      outcome: 'approved',
      final: true,
      policyDecision: 'require_approval',
      matchedPolicy: { name: 'Ask' },
      approvalId: APPROVAL_ID,
      approvalTerms: null,
      decidedAt: LATER,
      decisionId: decision.decisionId,
      context: decision.context,
    });
    expect(budget).toMatchObject({ spent: 5_000n, held: 0n });
    expect(agent).toMatchObject({ openApprovals: 0, historyCount: 1, historySum: 5_000n });
  });

  test.each(['rejected', 'expired'] as const)('%s: what was held is free again', (outcome) => {
    const { agent, decision, budget } = pending();
    const final = answer(decision, outcome, agent);
    expect(final).toMatchObject({ outcome: 'denied', final: true, matchedPolicy: { name: 'Ask' }, guards: [] });
    expect(budget).toMatchObject({ spent: 0n, held: 0n });
    expect(agent).toMatchObject({ openApprovals: 0, historyCount: 0 });
  });
});

describe('a yes is checked once more', () => {
  test('the agent was suspended meanwhile: denied, and what was held is free again', () => {
    const { agent, decision, budget } = pending();
    const suspended = { ...agent, status: 'suspended' } as const;
    const final = answer(decision, 'approved', suspended);
    expect(final).toMatchObject({ outcome: 'denied', matchedPolicy: { kind: 'guard', name: 'Agent Suspended' } });
    expect(final.guards).toContainEqual({ name: 'Agent Suspended', verdict: 'deny' });
    expect(budget).toMatchObject({ spent: 0n, held: 0n });
  });

  test('still no exchange rate: denied by that name', () => {
    const { agent, decision } = pending(EUROS);
    const final = answer(decision, 'approved', agent);
    expect(final).toMatchObject({ outcome: 'denied', matchedPolicy: { name: 'Missing FX Rate' } });
    expect(final.reasons.at(-1)).toMatch(/^Missing FX Rate: no current rate from EUR to INR/);
    expect(agent.openApprovals).toBe(0);
  });

  test('a full budget is no obstacle: the amount was in it all along', () => {
    const { agent, decision } = pending();
    expect(decideFirst(submission(), agent, ASKING, surroundings(), STAMP).matchedPolicy.name).toBe('Daily Limit');
    const final = answer(decision, 'approved', agent);
    expect(final.outcome).toBe('approved');
  });
});

test('more than what is held is never released', () => {
  const { decision } = pending();
  const resolution = { approvalId: APPROVAL_ID, outcome: 'rejected', resolvedAt: LATER } as const;
  expect(() => decideFinally(decision, resolution, account(), RECHECK, LATER)).toThrow(BudgetError);
});
