import { formatAmount } from '@aegis/contracts/money';
import { ProblemError } from '@aegis/contracts/problems';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ratioText } from '../src/domain/intents/ratio.ts';
import { createSubmission } from '../src/domain/intents/submission.ts';

const SEED = '0193f2c3-a1b2-7c4d-8e5f-60718293a4b5';

function submit(amountText: string, currency: string) {
  const body = {
    agentId: '7f8d1f5e-4c1b-4a55-9d6c-2f6f1b8f0001',
    amount: Number(amountText),
    currency,
    reason: 'a reason',
    confidence: 1,
  };
  return createSubmission({ seed: SEED, organizationId: 'org', body, amountText });
}

function refusalOf(amountText: string, currency: string): ProblemError {
  try {
    submit(amountText, currency);
  } catch (error) {
    if (error instanceof ProblemError) return error;
  }
  throw new Error(`${amountText} ${currency} was not refused`);
}

describe('a submission', () => {
  test('holds the amount exactly as it was written', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 15n - 1n }),
        fc.constantFrom('JPY', 'INR', 'BHD'),
        (units, currency) => {
          const exponent = { JPY: 0, INR: 2, BHD: 3 }[currency] ?? 0;
          const { amountMinor } = submit(formatAmount(units, exponent), currency);
          expect(amountMinor).toBe(units);
        },
      ),
    );
  });

  test.each([
    ['0', 'INR', 'amount_not_positive'],
    ['-1', 'INR', 'amount_not_positive'],
    ['1.0000000000000001', 'INR', 'amount_too_precise'],
    ['12.5', 'JPY', 'amount_decimals'],
    ['1.234', 'INR', 'amount_decimals'],
    ['1', 'XQQ', 'unknown_currency'],
    ['1', 'inr', 'unknown_currency'],
    ['1', '__proto__', 'unknown_currency'],
  ])('of %s %s is refused as %s', (amountText, currency, code) => {
    expect(refusalOf(amountText, currency)).toMatchObject({ code, status: 422 });
  });

  test('takes its id from the seed of the request, so that the same request makes the same intent', () => {
    expect(submit('1', 'INR').id).toBe('int_0193f2c3a1b27c4d8e5f60718293a4b5');
  });
});

describe('a confidence', () => {
  test('is kept to six decimals and never rounded up', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => {
        const text = ratioText(value);
        expect(text).toMatch(/^[01](\.\d{1,6})?$/);
        expect(Number(text)).toBeLessThanOrEqual(value);
        expect(value - Number(text)).toBeLessThan(0.000_001);
      }),
    );
  });

  test.each([
    [1, '1'],
    [0, '0'],
    [0.57, '0.57'],
    [0.29, '0.29'],
    [0.9999999, '0.999999'],
    [1e-9, '0'],
  ])('of %d is %s', (value, text) => {
    expect(ratioText(value)).toBe(text);
  });
});
