import { riskSchema } from '@aegis/contracts/events/intents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assessRisk, formatRatio, parseRatio, type RiskFacts } from '../src/domain/risk.ts';

type Features = NonNullable<RiskFacts['features']>;

const QUIET: Features = {
  intentsLastHour: 0,
  intentsLastDay: 0,
  usualHour: { near: 0, all: 0 },
  nearDuplicates: 0,
  merchant: null,
  structuring: null,
};

const CALM: RiskFacts = {
  agentRiskLevel: 'low',
  amountBaseMinor: '100',
  baseCurrency: 'INR',
  baseExponent: 2,
  historyCount: 50,
  historyMeanMinor: '100',
  hourOfDay: 12,
  features: QUIET,
};

const minor = fc.bigInt({ min: 1n, max: 10n ** 22n }).map(String);
const merchant = fc.record({
  seenBefore: fc.boolean(),
  spend30dMinor: minor,
  todayCount: fc.nat(5),
  todayMinor: minor,
  todayLargestMinor: minor,
});
const features: fc.Arbitrary<Features> = fc.record({
  intentsLastHour: fc.nat(300),
  intentsLastDay: fc.nat(3_000),
  usualHour: fc.record({ near: fc.nat(30), all: fc.nat(300) }),
  nearDuplicates: fc.nat(6),
  merchant: fc.option(merchant),
  structuring: fc.option(fc.record({ thresholdMinor: minor, pieces: fc.nat(6), piecesMinor: minor })),
});
const facts: fc.Arbitrary<RiskFacts> = fc.record({
  agentRiskLevel: fc.constantFrom('low', 'medium', 'high'),
  amountBaseMinor: fc.option(minor),
  baseCurrency: fc.constant('INR'),
  baseExponent: fc.constant(2),
  historyCount: fc.nat(200),
  historyMeanMinor: fc.option(minor),
  hourOfDay: fc.integer({ min: 0, max: 23 }),
  features: fc.option(features, { nil: undefined }),
});
const confidence = fc.bigInt({ min: 0n, max: 1_000_000n }).map(formatRatio);

test('a score is a decimal between 0 and 1, and its factors add up to it', () => {
  fc.assert(
    fc.property(facts, confidence, (given, sure) => {
      const risk = riskSchema.parse(assessRisk(given, sure));
      const sum = risk.factors.reduce((total, factor) => total + parseRatio(factor.contribution), 0n);
      expect(parseRatio(risk.score)).toBe(sum > 1_000_000n ? 1_000_000n : sum);
      expect(assessRisk(given, sure)).toEqual(risk);
    }),
    { numRuns: 2_000 },
  );
});

test('more of what is suspicious never scores lower', () => {
  const worse: readonly ((given: RiskFacts & { features: Features }, more: number) => RiskFacts)[] = [
    (given, more) => ({ ...given, amountBaseMinor: String(BigInt(given.amountBaseMinor ?? 0) + BigInt(more)) }),
    (given, more) => ({
      ...given,
      features: { ...given.features, intentsLastHour: given.features.intentsLastHour + more },
    }),
    (given, more) => ({
      ...given,
      features: { ...given.features, nearDuplicates: given.features.nearDuplicates + more },
    }),
  ];
  fc.assert(
    fc.property(facts, features, fc.nat(1_000), fc.nat(worse.length - 1), (given, seen, more, which) => {
      fc.pre(given.amountBaseMinor !== null);
      const before = { ...given, features: { ...seen, structuring: null } };
      const after = worse[which]?.(before, more) ?? before;
      expect(parseRatio(assessRisk(after, '1').score)).toBeGreaterThanOrEqual(
        parseRatio(assessRisk(before, '1').score),
      );
    }),
    { numRuns: 2_000 },
  );
});

describe('each factor has its name and its weight', () => {
  const scoreOf = (change: Partial<RiskFacts>, sure = '1') => {
    const { score, factors } = assessRisk({ ...CALM, ...change }, sure);
    return { score, names: factors.map((factor) => factor.name).filter((name) => name !== 'agent_risk_level') };
  };
  const seen = (change: Partial<Features>) => scoreOf({ features: { ...QUIET, ...change } });
  const known = { seenBefore: true, spend30dMinor: '0', todayCount: 0, todayMinor: '0', todayLargestMinor: '0' };

  test('the agent’s level, confidence and history', () => {
    expect(scoreOf({})).toEqual({ score: '0.02', names: [] });
    expect(scoreOf({ agentRiskLevel: 'high' }).score).toBe('0.3');
    expect(scoreOf({}, '0.2')).toEqual({ score: '0.22', names: ['low_confidence'] });
    expect(scoreOf({ amountBaseMinor: '200' }).score).toBe('0.02');
    expect(scoreOf({ amountBaseMinor: '600' })).toEqual({ score: '0.195', names: ['amount_against_history'] });
    expect(scoreOf({ amountBaseMinor: '1000' }).score).toBe('0.37');
    expect(scoreOf({ amountBaseMinor: '99999' }).score).toBe('0.37');
    expect(scoreOf({ historyCount: 4 }).score).toBe('0.07');
  });

  test('the hour: early ones until the agent has habits, then those it never keeps', () => {
    expect(scoreOf({ hourOfDay: 3 })).toEqual({ score: '0.12', names: ['unusual_hour'] });
    expect(scoreOf({ hourOfDay: 3, features: { ...QUIET, usualHour: { near: 4, all: 20 } } }).names).toEqual([]);
    expect(seen({ usualHour: { near: 0, all: 20 } })).toEqual({ score: '0.12', names: ['unusual_hour'] });
    expect(seen({ usualHour: { near: 2, all: 100 } }).names).toEqual([]);
    expect(seen({ usualHour: { near: 1, all: 100 } }).names).toEqual(['unusual_hour']);
  });

  test('a merchant that was never paid', () => {
    expect(seen({ merchant: { ...known, seenBefore: false } })).toEqual({ score: '0.1', names: ['new_merchant'] });
    expect(seen({ merchant: known }).names).toEqual([]);
  });

  test('velocity: against a floor, and against the agent’s own day', () => {
    expect(seen({ intentsLastHour: 10, intentsLastDay: 10 }).names).toEqual([]);
    expect(seen({ intentsLastHour: 30, intentsLastDay: 30 })).toEqual({ score: '0.145', names: ['velocity'] });
    expect(seen({ intentsLastHour: 500, intentsLastDay: 500 }).score).toBe('0.27');
    expect(seen({ intentsLastHour: 30, intentsLastDay: 30 + 23 * 8 }).names).toEqual([]);
  });

  test('near-duplicates, up to three of them', () => {
    expect([1, 2, 3, 9].map((nearDuplicates) => seen({ nearDuplicates }).score)).toEqual([
      '0.12',
      '0.22',
      '0.32',
      '0.32',
    ]);
  });

  test('structuring: just under, in parts of a week, in small parts of a day', () => {
    const at = (amountBaseMinor: string, change: Partial<Features>) =>
      assessRisk({ ...CALM, historyMeanMinor: '1000000', amountBaseMinor, features: { ...QUIET, ...change } }, '1')
        .factors[1];
    const threshold = { thresholdMinor: '100000', pieces: 0, piecesMinor: '0' };
    expect(at('89999', { structuring: threshold })).toBeUndefined();
    expect(at('90000', { structuring: threshold })).toMatchObject({ name: 'structuring', contribution: '0.05' });
    expect(at('60000', { structuring: { ...threshold, pieces: 2, piecesMinor: '130000' } })).toEqual({
      name: 'structuring',
      contribution: '0.3',
      detail: 'with 2 more in a week 1900.00 INR at one merchant, each below 1000.00 INR',
    });
    const day = { ...known, todayCount: 4, todayMinor: '80000', todayLargestMinor: '20000' };
    expect(at('20000', { structuring: threshold, merchant: day })).toMatchObject({ contribution: '0.3' });
    expect(at('19999', { structuring: threshold, merchant: day })).toBeUndefined();
    expect(at('20000', { structuring: threshold, merchant: { ...day, todayLargestMinor: '100000' } })).toBeUndefined();
  });
});

test('the detail of the history says how many times the mean was asked', () => {
  const [, history] = assessRisk({ ...CALM, amountBaseMinor: '1250' }, '1').factors;
  expect(history?.detail).toBe('12.5 times the mean of 50 earlier payments');
});

test('decimal texts of ratios survive being read and written', () => {
  for (const text of ['0', '1', '0.5', '0.000001', '0.12']) expect(formatRatio(parseRatio(text))).toBe(text);
});
