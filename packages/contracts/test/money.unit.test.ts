import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountAsNumber, currencyExponent, formatAmount, parseAmount } from '../src/money.ts';

const exponent = fc.constantFrom(0, 2, 3);
/** Minor units that a JSON number carries exactly: at most 15 digits. */
const minor = fc.bigInt({ min: 1n, max: 999_999_999_999_999n });

describe('amounts', () => {
  it('survive the way from minor units to a JSON number and back, in every exponent', () => {
    fc.assert(
      fc.property(minor, exponent, (value, decimals) => {
        const text = JSON.stringify(amountAsNumber(value, decimals));
        expect(parseAmount(text, decimals)).toBe(value);
      }),
      { numRuns: 20_000 },
    );
  });

  it('read the same in plain and in exponent notation', () => {
    fc.assert(
      fc.property(minor, exponent, fc.integer({ min: 0, max: 6 }), (value, decimals, shift) => {
        const plain = formatAmount(value, decimals);
        const shifted = `${formatAmount(value, decimals + shift)}e${shift}`;
        expect(parseAmount(shifted, decimals)).toBe(parseAmount(plain, decimals));
      }),
    );
  });

  it.each([
    ['0', 2, 'amount_not_positive'],
    ['-0', 2, 'amount_not_positive'],
    ['0.00', 2, 'amount_not_positive'],
    ['-1', 2, 'amount_not_positive'],
    ['1.5', 0, 'amount_decimals'],
    ['1.005', 2, 'amount_decimals'],
    ['1e-3', 2, 'amount_decimals'],
    ['1.0000000000000001', 2, 'amount_too_precise'],
    ['1234567890123456', 0, 'amount_too_precise'],
    ['1e309', 2, 'amount_too_precise'],
    ['1e15', 2, 'amount_too_precise'],
  ])('%s with %i decimals is refused: %s', (text, decimals, fault) => {
    expect(parseAmount(text, decimals)).toBe(fault);
  });

  it('allow trailing zeros that say nothing', () => {
    expect(parseAmount('5000.000', 0)).toBe(5000n);
    expect(parseAmount('1.10', 2)).toBe(110n);
    expect(parseAmount('1.5e2', 0)).toBe(150n);
  });

  it('know the decimals of currencies by ISO 4217', () => {
    expect([
      currencyExponent('JPY'),
      currencyExponent('INR'),
      currencyExponent('KWD'),
      currencyExponent('XYZ'),
    ]).toEqual([0, 2, 3, undefined]);
  });
});
