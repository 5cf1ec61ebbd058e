import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emptyActivity,
  HOUR_MS,
  intentsLastDay,
  intentsLastHour,
  nearDuplicates,
  type RecentIntent,
  recordIntent,
  STEP_MS,
} from '../src/domain/features/activity.ts';
import {
  dayNumber,
  DAYS_KEPT,
  emptyMerchantHistory,
  recordAnswer,
  recordSpend,
  spendOfMonth,
} from '../src/domain/features/merchant-history.ts';
import { merchantKey, normalizeMerchant } from '../src/domain/features/merchant-key.ts';
import { type Piece, piecesOf, recordPiece, thresholdAbove } from '../src/domain/features/pieces.ts';
import { amountThresholds } from '../src/domain/features/thresholds.ts';
import { decideFirst } from '../src/domain/first-decision.ts';
import { account, ORGANIZATION_ID, policy, policySet, rupees, STAMP, submission, surroundings } from './samples.ts';

describe('spellings of a merchant', () => {
  test.each([
    [
      'Acme Stationers',
      'ACME STATIONERS LTD.',
      'acme-stationers',
      'Acme  Stationers #4711',
      'www.acme-stationers.co.uk',
    ],
    ['Café Zürich', 'CAFE ZURICH GmbH', 'cafe zu\u0308rich'],
    ['Amazon', 'AMAZ0N', 'Аmazon', 'amazon.com', 'Amazon Inc'],
    ['Marks & Spencer', 'marks and spencer plc', 'MARKS&SPENCER'],
  ])('%s', (...spellings) => {
    expect(new Set(spellings.map((spelling) => merchantKey(ORGANIZATION_ID, spelling))).size).toBe(1);
  });

  test('different merchants stay different, and one that is all noise keeps its name', () => {
    const names = ['Acme', 'Apex', '7 Eleven', '24/7', '株式会社', 'Ltd', '...'];
    expect(new Set(names.map(normalizeMerchant)).size).toBe(names.length);
    expect(normalizeMerchant('  ')).toBeNull();
  });

  test('a normalised name is its own normal form, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const once = normalizeMerchant(text);
        expect(once === null).toBe(text.trim() === '');
      }),
    );
  });

  test('keys of two organisations have nothing in common', () => {
    expect(merchantKey('a', 'Acme')).not.toBe(merchantKey('b', 'Acme'));
  });
});

const START = Date.parse('2026-03-05T10:00:00Z');

test('the incremental counts are those of a scan, never less than the last hour or day', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 3 * HOUR_MS }), { maxLength: 60 });
  fc.assert(
    fc.property(gaps, (steps) => {
      const activity = emptyActivity();
      const times: number[] = [];
      let at = START;
      for (const gap of steps) {
        at += gap;
        const within = (from: number) => times.filter((time) => time > from).length;
        const hour = intentsLastHour(activity, at);
        const day = intentsLastDay(activity, at);
        expect(hour).toBeGreaterThanOrEqual(within(at - HOUR_MS));
        expect(hour).toBeLessThanOrEqual(within(at - HOUR_MS - STEP_MS - 1));
        expect(day).toBeGreaterThanOrEqual(within(at - 24 * HOUR_MS));
        expect(day).toBeLessThanOrEqual(within(at - 25 * HOUR_MS - 1));
        recordIntent(activity, [at, '', '1', 'INR'], 0);
        times.push(at);
      }
      expect(activity.steps.length).toBeLessThanOrEqual(13);
      expect(activity.hours.length).toBeLessThanOrEqual(25);
      expect(activity.recent.length).toBeLessThanOrEqual(16);
    }),
  );
});

test('a near-duplicate has the same merchant and currency, an amount within one percent, and is not an hour old', () => {
  const activity = emptyActivity();
  const base = { atMs: START, merchant: 'm', amountMinor: '10000', currency: 'INR' };
  const like = (change: Partial<typeof base>): RecentIntent => {
    const { atMs, merchant, amountMinor, currency } = { ...base, ...change };
    return [atMs, merchant, amountMinor, currency];
  };
  recordIntent(activity, like({}), 10);
  const count = (change: Partial<typeof base>) => nearDuplicates(activity, like({ atMs: START + 1_000, ...change }));
  expect(count({})).toBe(1);
  expect(count({ amountMinor: '10101' })).toBe(1);
  expect(count({ amountMinor: '10102' })).toBe(0);
  expect(count({ merchant: 'n' })).toBe(0);
  expect(count({ currency: 'EUR' })).toBe(0);
  expect(count({ atMs: START + HOUR_MS })).toBe(0);
});

test('spend of 30 days is the sum of what was paid and is held, and what is refused is given back', () => {
  const day = fc.integer({ min: 0, max: 100 });
  const entry = fc.record({
    day,
    amount: fc.bigInt({ min: 1n, max: 10n ** 20n }),
    answer: fc.constantFrom('paid', 'held', 'refused'),
  });
  const date = (number: number) => new Date(Date.parse('2026-01-01') + number * 86_400_000).toISOString().slice(0, 10);
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const history = emptyMerchantHistory();
      const sorted = entries.toSorted((a, b) => a.day - b.day);
      for (const { day: on, amount, answer } of sorted) {
        recordSpend(history, date(on), amount, answer === 'paid');
        if (answer === 'refused') recordAnswer(history, date(on), amount, false);
      }
      const last = sorted.at(-1)?.day ?? 0;
      const counted = sorted.filter((given) => given.answer !== 'refused' && given.day > last - DAYS_KEPT);
      expect(spendOfMonth(history, date(last))).toBe(counted.reduce((sum, given) => sum + given.amount, 0n));
      expect(history.seen).toBe(sorted.some((given) => given.answer === 'paid'));
      expect(history.days.size).toBeLessThanOrEqual(DAYS_KEPT);
      expect(dayNumber(date(last))).toBe(dayNumber('2026-01-01') + last);
    }),
  );
});

describe('thresholds', () => {
  const when = (...conditions: object[]) => policy({ rules: { match: 'any', conditions: conditions as never } });

  test('are the first amounts behind the boundaries of active policies, in minor units', () => {
    const policies = [
      when({ field: 'amount', operator: 'gte', value: 1_000 }, { field: 'amount_base', operator: 'gt', value: 50 }),
      when({ match: 'all', conditions: [{ field: 'amount', operator: 'between', value: [10, 19.99] }] }),
      when({ field: 'amount', operator: 'lt', value: 0.005 }, { field: 'daily_spend', operator: 'gt', value: 7 }),
      { ...when({ field: 'amount', operator: 'gt', value: 9 }), isActive: false },
    ];
    expect(amountThresholds(policies, 2)).toEqual([1_000n, 2_000n, 5_001n, 100_000n]);
    expect(amountThresholds(policies, 0)).toEqual([10n, 20n, 51n, 1_000n]);
  });

  test('concern what lies between their half and themselves', () => {
    const thresholds = [1_000n, 100_000n];
    expect([499n, 500n, 999n, 1_000n, 49_999n, 50_000n, 100_000n].map((at) => thresholdAbove(thresholds, at))).toEqual([
      null,
      1_000n,
      1_000n,
      null,
      null,
      100_000n,
      null,
    ]);
  });
});

test('pieces are counted for a week, and kept within bounds', () => {
  const pieces: Piece[] = [];
  for (let index = 0; index < 100; index += 1) recordPiece(pieces, { atMs: START + index * HOUR_MS, amount: 900n });
  expect(pieces.length).toBe(32);
  expect(piecesOf(pieces, 1_000n, START + 99 * HOUR_MS)).toEqual({ count: 32, sum: 28_800n });
  expect(piecesOf(pieces, 1_000n, START + 99 * HOUR_MS + 7 * 86_400_000)).toEqual({ count: 0, sum: 0n });
  expect(piecesOf(pieces, 900n, START + 99 * HOUR_MS).count).toBe(0);
});

test('splitting below a threshold shows, across spellings, agents and days', () => {
  const set = policySet([
    policy({
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value: 1_000 }] },
    }),
  ]);
  const shared = account();
  const agents = [shared, account({ agentId: '0193f2c3-a1b2-7c4d-8e5f-000000000002', pieces: shared.pieces })];
  const split = ['Acme Stationers', 'ACME STATIONERS LTD', 'Acme-Stationers.com'].map((merchant, index) => {
    const intent = submission({ merchant, money: rupees(99_000), createdAt: `2026-03-0${5 + index}T10:00:00.000Z` });
    return decideFirst(intent, agents[index % 2] ?? shared, set, surroundings(), STAMP);
  });
  const contribution = (index: number) =>
    split[index]?.risk.factors.find((factor) => factor.name === 'structuring')?.contribution;
  expect([contribution(0), contribution(1), contribution(2)]).toEqual(['0.05', '0.15', '0.3']);
  expect(split[2]?.context.features?.structuring).toEqual({
    thresholdMinor: '100000',
    pieces: 2,
    piecesMinor: '198000',
  });
});

test('a merchant becomes known by a payment, not by asking', () => {
  const agent = account();
  const ask = policySet([policy({ action: 'require_approval' })]);
  const seen = (set: typeof ask) =>
    decideFirst(submission(), agent, set, surroundings(), STAMP).context.features?.merchant?.seenBefore;
  expect([seen(ask), seen(ask), seen(policySet()), seen(ask)]).toEqual([false, false, false, true]);
});
