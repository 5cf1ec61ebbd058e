import { describe, expect, it } from 'vitest';
import { type SpendGroup, summarizeSpend } from '../src/domain/spend.ts';

const group: SpendGroup = {
  period: 'current',
  status: 'approved',
  currency: 'USD',
  exponent: 2,
  baseCurrency: 'INR',
  count: 1n,
  amountMinor: 100n,
  amountBaseMinor: 8_300n,
};

describe('a summary of spend', () => {
  it('counts what was converted into a former base currency without summing it, unless it is in the present one', () => {
    const spend = summarizeSpend(
      [
        group,
        { ...group, baseCurrency: 'EUR', amountBaseMinor: 90n },
        { ...group, currency: 'INR', baseCurrency: 'EUR', amountMinor: 7n },
      ],
      'INR',
    );
    expect(spend.total).toEqual({ amountMinor: '8307', currency: 'INR', exponent: 2 });
    expect(spend.buckets.approved.count).toBe(3n);
  });

  it('sums undecided intents only where they are in the base currency', () => {
    const pending = { ...group, status: 'pending', baseCurrency: null, amountBaseMinor: 0n } as const;
    const spend = summarizeSpend([pending, { ...pending, currency: 'INR', amountMinor: 42n }], 'INR');
    expect(spend.buckets.pending).toEqual({ count: 2n, amount: { amountMinor: '42', currency: 'INR', exponent: 2 } });
  });

  it('keeps the previous period to its total', () => {
    const spend = summarizeSpend(
      [
        { ...group, period: 'previous' },
        { ...group, period: 'previous', status: 'denied' },
      ],
      'INR',
    );
    expect(spend).toMatchObject({
      total: { amountMinor: '0' },
      previousTotal: { amountMinor: '8300' },
      intentCount: 0n,
      byCurrency: [],
    });
  });

  it('of an organisation that nothing is known of is in no currency', () => {
    expect(summarizeSpend([], null).total).toEqual({ amountMinor: '0', currency: 'XXX', exponent: 0 });
  });
});
