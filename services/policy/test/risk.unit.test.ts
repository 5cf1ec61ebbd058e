import { riskSchema } from '@aegis/contracts/events/intents';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assessRisk, formatRatio, parseRatio, type RiskFacts } from '../src/domain/risk.ts';

const CALM: RiskFacts = {
  agentRiskLevel: 'low',
  confidence: '1',
  amountBase: 100n,
  historyCount: 50,
  historyMean: 100n,
  hourOfDay: 12,
};

const facts: fc.Arbitrary<RiskFacts> = fc.record({
  agentRiskLevel: fc.constantFrom('low', 'medium', 'high'),
  confidence: fc.bigInt({ min: 0n, max: 1_000_000n }).map(formatRatio),
  amountBase: fc.option(fc.bigInt({ min: 1n, max: 10n ** 22n })),
  historyCount: fc.nat(200),
  historyMean: fc.option(fc.bigInt({ min: 0n, max: 10n ** 22n })),
  hourOfDay: fc.integer({ min: 0, max: 23 }),
});

test('a score is a decimal between 0 and 1, and its factors add up to it', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const risk = riskSchema.parse(assessRisk(given));
      const sum = risk.factors.reduce((total, factor) => total + parseRatio(factor.contribution), 0n);
      expect(parseRatio(risk.score)).toBe(sum > 1_000_000n ? 1_000_000n : sum);
      expect(assessRisk(given)).toEqual(risk);
    }),
    { numRuns: 2_000 },
  );
});

test('a larger amount of the same agent never scores lower', () => {
  fc.assert(
    fc.property(facts, fc.bigInt({ min: 1n, max: 10n ** 20n }), (given, more) => {
      fc.pre(given.amountBase !== null);
      const larger = { ...given, amountBase: (given.amountBase ?? 0n) + more };
      expect(parseRatio(assessRisk(larger).score)).toBeGreaterThanOrEqual(parseRatio(assessRisk(given).score));
    }),
  );
});

test('each factor has its name and its weight', () => {
  const scoreOf = (change: Partial<RiskFacts>) => {
    const { score, factors } = assessRisk({ ...CALM, ...change });
    return { score, names: factors.map((factor) => factor.name) };
  };
  expect(scoreOf({})).toEqual({ score: '0.02', names: ['agent_risk_level'] });
  expect(scoreOf({ agentRiskLevel: 'high' }).score).toBe('0.3');
  expect(scoreOf({ confidence: '0.2' })).toEqual({ score: '0.22', names: ['agent_risk_level', 'low_confidence'] });
  expect(scoreOf({ hourOfDay: 3 })).toEqual({ score: '0.12', names: ['agent_risk_level', 'unusual_hour'] });
  expect(scoreOf({ amountBase: 200n }).score).toBe('0.02');
  expect(scoreOf({ amountBase: 600n })).toEqual({
    score: '0.195',
    names: ['agent_risk_level', 'amount_against_history'],
  });
  expect(scoreOf({ amountBase: 1_000n }).score).toBe('0.37');
  expect(scoreOf({ amountBase: 99_999n }).score).toBe('0.37');
  expect(scoreOf({ historyCount: 4 }).score).toBe('0.07');
  expect(scoreOf({ agentRiskLevel: 'high', confidence: '0', amountBase: 9_999n, hourOfDay: 0 }).score).toBe('1');
});

test('the detail of the history says how many times the mean was asked', () => {
  const [, history] = assessRisk({ ...CALM, amountBase: 1_250n }).factors;
  expect(history?.detail).toBe('12.5 times the mean of 50 earlier payments');
});

test('decimal texts of ratios survive being read and written', () => {
  for (const text of ['0', '1', '0.5', '0.000001', '0.12']) expect(formatRatio(parseRatio(text))).toBe(text);
});
