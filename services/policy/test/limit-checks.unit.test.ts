import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observe } from '../src/domain/context.ts';
import { GUARDS, objections } from '../src/domain/guards.ts';
import { limitChecks } from '../src/domain/limit-checks.ts';
import { putBudget, type SharedBudget } from '../src/domain/purse.ts';
import { account, ORGANIZATION_ID, RUPEES, rupees, submission, surroundings } from './samples.ts';

const amount = fc.bigInt({ min: 0n, max: 30n });
const limit = fc.option(amount);
const purse = fc.record({ dailyLimit: limit, monthlyLimit: limit, spent: amount, held: amount });
type Purse = typeof purse extends fc.Arbitrary<infer T> ? T : never;

const wallets = fc.option(
  fc.record({ mode: fc.constantFrom('enforced' as const, 'tracked' as const), balance: amount, held: amount }),
);

function spent<T extends Parameters<typeof putBudget>[0]>(target: T, { spent: gone, held }: Purse): T {
  putBudget(target, { kind: 'day', start: '2026-03-05', spent: gone, held });
  putBudget(target, { kind: 'month', start: '2026-03-01', spent: gone, held });
  return target;
}

function sharedBudget(category: string | null, given: Purse): SharedBudget {
  const { dailyLimit, monthlyLimit } = given;
  const since = '2026-03-01';
  const opened = { organizationId: ORGANIZATION_ID, category, dailyLimit, monthlyLimit, since, budgets: new Map() };
  return spent(opened, given);
}

test('what does not fit is what guards object to, in their order', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 20n }),
      fc.record({ own: purse, organization: fc.option(purse), category: fc.option(purse) }),
      wallets,
      fc.option(fc.constantFrom(0, 10, 100)),
      fc.boolean(),
      (asked, purses, wallet, tolerancePercent, foreign) => {
        const money = foreign ? { ...rupees(asked), currency: 'EUR' } : rupees(asked);
        const intent = submission({ money });
        const { dailyLimit, monthlyLimit } = purses.own;
        const spender = account({
          dailyLimit,
          monthlyLimit,
          tolerancePercent,
          wallet: wallet && { ...wallet, entries: [] },
        });
        const shared = [
          ...(purses.organization ? [sharedBudget(null, purses.organization)] : []),
          ...(purses.category ? [sharedBudget('office', purses.category)] : []),
        ];
        const context = observe(intent, RUPEES, spent(spender, purses.own), surroundings({ shared }), []);
        const checks = limitChecks(context);
        const guards = objections(context, money.currency);
        if (foreign) {
          expect(guards.map(({ name }) => name)).toEqual([GUARDS.missingRate]);
          expect(checks.every(({ fits }) => fits === null)).toBe(true);
          return;
        }
        const unfit = checks.filter(({ fits }) => !fits);
        refused += unfit.length;
        expect(unfit.map(({ guard }) => guard)).toEqual(guards.map(({ name }) => name));
        const limited = unfit.filter(({ guard }) => guard !== GUARDS.wallet);
        expect(
          limited.map(({ guard, whose }, index) => guards[index]?.reason.startsWith(`${guard} of ${whose}:`)),
        ).toEqual(limited.map(() => true));
      },
    ),
    { numRuns: 2_000 },
  );
  expect(refused).toBeGreaterThan(1_000);
});
