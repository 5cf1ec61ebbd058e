import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Account } from '../src/domain/account.ts';
import { budgetsOn } from '../src/domain/purse.ts';
import { decideFinally } from '../src/domain/final-decision.ts';
import { decideFirst } from '../src/domain/first-decision.ts';
import type { DecidedIntent, ResolvedApproval, SubmittedIntent } from '../src/domain/intent.ts';
import type { Settings } from '../src/domain/organization.ts';
import { account, policy, policySet, RECHECK, RUPEES, STAMP, submission, surroundings } from './samples.ts';

const APPROVAL_ID = 'apr_0193f2c3a1b27c4d8e5f60718293a4b5';
const DAYS = ['2026-02-27', '2026-02-28', '2026-03-01'];

/** Asks about some of them, so that a run holds as well as spends. */
const ASKING = policy({
  action: 'require_approval',
  rules: { match: 'all', conditions: [{ field: 'confidence', operator: 'lt', value: 0.5 }] },
});

interface World {
  readonly settings: Settings;
  readonly agent: Account;
  readonly intents: SubmittedIntent[];
}

/** One agent with limits, in a currency of 0, 2 or 3 decimals, and intents that together ask for far more than it has. */
const worlds: fc.Arbitrary<World> = fc
  .record({
    currency: fc.constantFrom({ code: 'JPY', exponent: 0 }, { code: 'INR', exponent: 2 }, { code: 'KWD', exponent: 3 }),
    scale: fc.constantFrom(1n, 2n ** 53n - 1n, 2n ** 60n),
    dailyLimit: fc.option(fc.bigInt({ min: 0n, max: 500n })),
    monthlyLimit: fc.option(fc.bigInt({ min: 0n, max: 900n })),
    asked: fc.array(
      fc.record({
        amount: fc.bigInt({ min: 1n, max: 200n }),
        day: fc.constantFrom(...DAYS),
        confidence: fc.constantFrom('0.2', '0.9'),
      }),
      { maxLength: 30 },
    ),
  })
  .map(({ currency, scale, dailyLimit, monthlyLimit, asked }) => ({
    settings: { ...RUPEES, baseCurrency: currency.code, baseExponent: currency.exponent, timeZone: 'UTC' },
    agent: account({
      dailyLimit: dailyLimit === null ? null : dailyLimit * scale,
      monthlyLimit: monthlyLimit === null ? null : monthlyLimit * scale,
    }),
    intents: asked.map(({ amount, day, confidence }) =>
      submission({
        money: { amountMinor: (amount * scale).toString(), currency: currency.code, exponent: currency.exponent },
        createdAt: `${day}T12:00:00.000Z`,
        confidence,
      }),
    ),
  }));

const outcomes = fc.infiniteStream(fc.constantFrom<ResolvedApproval['outcome']>('approved', 'rejected', 'expired'));

/** Sum of what was asked on the days that count in one window and with one outcome. */
function sum(decided: readonly DecidedIntent[], outcome: DecidedIntent['outcome'], window: string): bigint {
  return decided
    .filter((decision) => decision.outcome === outcome && decision.context.date.startsWith(window))
    .reduce((total, decision) => total + BigInt(decision.money.amountMinor), 0n);
}

function checkWindows(agent: Account, decided: readonly DecidedIntent[]): void {
  for (const day of DAYS) {
    const { daily, monthly } = budgetsOn(agent, day);
    const windows = [
      { budget: daily, limit: agent.dailyLimit, window: day },
      { budget: monthly, limit: agent.monthlyLimit, window: day.slice(0, 7) },
    ];
    for (const { budget, limit, window } of windows) {
      expect(budget.spent).toBe(sum(decided, 'approved', window));
      expect(budget.held).toBe(sum(decided, 'pending_approval', window));
      if (limit !== null) expect(budget.spent + budget.held <= limit).toBe(true);
    }
  }
}

test('spent and held never pass a limit, are the exact sums, and nothing is denied while there is room', () => {
  fc.assert(
    fc.property(worlds, ({ settings, agent, intents }) => {
      const set = policySet([ASKING], settings);
      const decided: DecidedIntent[] = [];
      for (const intent of intents) {
        const day = intent.createdAt.slice(0, 10);
        const amount = BigInt(intent.money.amountMinor);
        const { daily, monthly } = budgetsOn(agent, day);
        const fits =
          (agent.dailyLimit === null || daily.spent + daily.held + amount <= agent.dailyLimit) &&
          (agent.monthlyLimit === null || monthly.spent + monthly.held + amount <= agent.monthlyLimit);
        const decision = decideFirst(intent, agent, set, surroundings(), STAMP);
        expect(decision.outcome === 'denied').toBe(!fits);
        decided.push(decision);
      }
      checkWindows(agent, decided);
    }),
    { numRuns: 2_000 },
  );
});

test('answers release or keep what was held, whatever their order', () => {
  const scenario = worlds.chain((world) =>
    fc.record({ world: fc.constant(world), outcome: outcomes, order: fc.shuffledSubarray([...world.intents.keys()]) }),
  );
  fc.assert(
    fc.property(scenario, ({ world: { settings, agent, intents }, outcome, order }) => {
      const set = policySet([ASKING], settings);
      const decided = intents.map((intent) => decideFirst(intent, agent, set, surroundings(), STAMP));
      for (const index of order) {
        const pending = decided[index];
        if (!pending || pending.final) continue;
        const resolution = {
          approvalId: APPROVAL_ID,
          outcome: outcome.next().value,
          resolvedAt: STAMP.decidedAt,
        } as const;
        decided[index] = decideFinally(pending, resolution, agent, RECHECK, STAMP.decidedAt);
      }
      checkWindows(agent, decided);
      expect(agent.openApprovals).toBe(decided.filter((decision) => !decision.final).length);
      expect(agent.historyCount).toBe(decided.filter((decision) => decision.outcome === 'approved').length);
    }),
    { numRuns: 2_000 },
  );
});

test('sums do not depend on the order, when everything fits', () => {
  const shuffled = worlds.chain((world) =>
    fc.record({
      world: fc.constant(world),
      order: fc.shuffledSubarray(world.intents, { minLength: world.intents.length }),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ world: { settings, intents }, order }) => {
      const set = policySet([ASKING], settings);
      const total = (list: readonly SubmittedIntent[]) => {
        const agent = account();
        for (const intent of list) decideFirst(intent, agent, set, surroundings(), STAMP);
        return { budgets: DAYS.map((day) => budgetsOn(agent, day)), history: agent.historySum };
      };
      expect(total(order)).toEqual(total(intents));
    }),
  );
});
