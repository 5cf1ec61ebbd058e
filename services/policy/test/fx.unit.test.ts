import { EVENTS } from '@aegis/contracts/events/catalog';
import { ProblemError } from '@aegis/contracts/problems';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { observe } from '../src/domain/context.ts';
import { decideFinally } from '../src/domain/final-decision.ts';
import { decideFirst } from '../src/domain/first-decision.ts';
import { convert, readRates } from '../src/domain/fx.ts';
import { budgetsOn } from '../src/domain/purse.ts';
import { account, fxRate, policy, policySet, RECHECK, RUPEES, STAMP, submission, surroundings } from './samples.ts';

const APPROVAL_ID = 'apr_0193f2c3a1b27c4d8e5f60718293a4b5';
const NOW = new Date('2026-03-05T10:00:00.000Z');
const EUROS = submission({ money: { amountMinor: '5000', currency: 'EUR', exponent: 2 } });
const ALLOW = policySet();

const rates = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }), fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }), fc.nat(12))
  .map(([whole, fraction, digits]) => ({ whole, fraction: fraction.toString().padStart(12, '0').slice(0, digits) }))
  .filter(({ whole, fraction }) => whole > 0n || /[1-9]/.test(fraction));

describe('conversion', () => {
  test('is exact to the minor unit, rounded up, between currencies of 0 to 4 decimals and beyond 2^53', () => {
    const exponent = fc.constantFrom(0, 2, 3, 4);
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), exponent, exponent, rates, (minor, from, to, rate) => {
        const text = rate.fraction === '' ? `${rate.whole}` : `${rate.whole}.${rate.fraction}`;
        const result = convert({ minor, exponent: from }, text, to);
        // result / 10^to is the least that is not below minor / 10^from × rate, checked without a division.
        const scaled = BigInt(`${rate.whole}${rate.fraction}`);
        const exact = minor * scaled * 10n ** BigInt(to);
        const unit = 10n ** BigInt(from + rate.fraction.length);
        expect(result * unit >= exact && (result - 1n) * unit < exact).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('splitting an amount never makes it count for less', () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(parts, (minors) => {
        const sum = (list: readonly bigint[]) => list.reduce((total, minor) => total + minor, 0n);
        const converted = (minor: bigint) => convert({ minor, exponent: 2 }, '0.0071', 2);
        expect(sum(minors.map(converted)) >= converted(sum(minors))).toBe(true);
      }),
    );
  });
});

describe('the rate of an intent', () => {
  const seen = (list: Parameters<typeof fxRate>[0][], intent = EUROS, settings = RUPEES) =>
    observe(intent, settings, account(), surroundings({ rates: list.map((change) => fxRate(change)) }), []);

  test('is the latest that was in force at its creation, and stands in the decision', () => {
    const context = seen([
      { rate: '80', effectiveAt: '2026-03-04T00:00:00.000Z' },
      { rate: '90.5', effectiveAt: '2026-03-05T09:59:59.999Z' },
      { rate: '70', effectiveAt: '2026-03-05T10:00:00.001Z' },
    ]);
    expect(context).toMatchObject({
      amountBaseMinor: '452500',
      fxRate: '90.5',
      fxSource: { effectiveAt: '2026-03-05T09:59:59.999Z' },
    });
  });

  test('of one time is the last correction', () => {
    const first = fxRate({ rate: '80' });
    const second = fxRate({ rate: '81', revision: 2 });
    for (const list of [
      [first, second],
      [second, first],
    ])
      expect(seen(list).fxRate).toBe('81');
  });

  test('is none when it is stale, of another currency or to another base', () => {
    const stale = { effectiveAt: '2026-03-01T09:59:59.999Z' };
    expect(seen([{ effectiveAt: '2026-03-01T10:00:00.000Z' }]).fxRate).toBe('90.5');
    for (const change of [stale, { currency: 'USD' }, { baseCurrency: 'GBP' }]) {
      expect(seen([change])).toMatchObject({ amountBaseMinor: null, fxRate: null });
    }
    expect(seen([stale], EUROS, { ...RUPEES, fxMaxAgeHours: 97 }).fxRate).toBe('90.5');
  });
});

test('whatever the rates, an intent that is allowed at once was converted by one that is current', () => {
  const time = fc.integer({ min: -200, max: 10 }).map((hours) => new Date(NOW.getTime() + hours * 3_600_000));
  const list = fc.array(
    fc.record({ currency: fc.constantFrom('EUR', 'USD'), effectiveAt: time.map((at) => at.toISOString()) }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(list, (changes) => {
      const known = changes.map((change) => fxRate(change));
      const decision = decideFirst(EUROS, account(), ALLOW, surroundings({ rates: known }), STAMP);
      const current = known.some(({ currency, effectiveAt }) => {
        const age = NOW.getTime() - Date.parse(effectiveAt);
        return currency === 'EUR' && age >= 0 && age <= 96 * 3_600_000;
      });
      expect(decision.outcome).toBe(current ? 'approved' : 'pending_approval');
    }),
    { numRuns: 2_000 },
  );
});

describe('an approval that had no rate', () => {
  const asked = (agent = account({ dailyLimit: 452_500n })) => ({
    agent,
    pending: decideFirst(EUROS, agent, policySet([policy({ action: 'allow' })]), surroundings(), STAMP),
  });
  const approve = ({ agent, pending }: ReturnType<typeof asked>, change: Parameters<typeof fxRate>[0] = {}) =>
    decideFinally(
      pending,
      { approvalId: APPROVAL_ID, outcome: 'approved', resolvedAt: '2026-03-06T08:00:00.000Z' },
      agent,
      { ...RECHECK, rates: [fxRate({ effectiveAt: '2026-03-06T07:00:00.000Z', ...change })] },
      '2026-03-06T08:00:01.000Z',
    );

  test('is given by the rate of its own moment, and spends in the window of the creation', () => {
    const scene = asked();
    const final = approve(scene);
    EVENTS['intent.decided'].data.parse(final);
    expect(final).toMatchObject({
      outcome: 'approved',
      context: { amountBaseMinor: null, fxRate: null },
      conversion: { amountBaseMinor: '452500', fxRate: '90.5', effectiveAt: '2026-03-06T07:00:00.000Z' },
    });
    expect(budgetsOn(scene.agent, '2026-03-05').daily).toMatchObject({ spent: 452_500n, held: 0n });
  });

  test('passes the limits first', () => {
    const scene = asked(account({ dailyLimit: 452_499n }));
    expect(approve(scene)).toMatchObject({ outcome: 'denied', matchedPolicy: { kind: 'guard', name: 'Daily Limit' } });
    expect(budgetsOn(scene.agent, '2026-03-05').daily).toMatchObject({ spent: 0n, held: 0n });
    expect(scene.agent.openApprovals).toBe(0);
  });

  test('is no use while the rate is stale', () => {
    const final = approve(asked(), { effectiveAt: '2026-03-02T07:59:59.999Z' });
    expect(final).toMatchObject({ outcome: 'denied', matchedPolicy: { name: 'Missing FX Rate' } });
  });
});

describe('a rate is refused', () => {
  test.each([
    'NaN',
    'Infinity',
    '-1',
    '0',
    '0.000',
    '1e309',
    '1e3',
    '',
    ' 1',
    '1,5',
    '.5',
    '9999999999999',
    '1.0000000000001',
  ])('when it is %j', (rate) => {
    expect(() => readRates([{ currency: 'EUR', rate }], 'INR', NOW)).toThrow(ProblemError);
  });

  test.each([
    ['a currency that is none', { currency: 'XYZ', rate: '1' }],
    ['the base currency', { currency: 'INR', rate: '1' }],
    ['a time that is none', { currency: 'EUR', rate: '1', effectiveAt: 'soon' }],
    ['a time far ahead', { currency: 'EUR', rate: '1', effectiveAt: '2062-03-05T10:00:00.000Z' }],
  ])('for %s', (_, input) => {
    expect(() => readRates([input], 'INR', NOW)).toThrow(/rates\[0\]/);
  });

  test('twice for one time', () => {
    const at = { currency: 'EUR', effectiveAt: '2026-03-05T10:00:00.000Z' };
    const same = { ...at, rate: '2', effectiveAt: '2026-03-05T15:30:00.000+05:30' };
    expect(() => readRates([{ ...at, rate: '1' }, same], 'INR', NOW)).toThrow(/given twice/);
  });
});
