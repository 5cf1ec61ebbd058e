import { formatAmount } from '@aegis/contracts/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparableAmount, comparableOperand, comparableSum, exact, shortDecimal } from '../src/domain/exact.ts';

const minor = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const exponent = fc.constantFrom(0, 2, 3, 4);

test('amounts of currencies with any number of decimals compare as the exact decimals do', () => {
  fc.assert(
    fc.property(minor, exponent, minor, exponent, (a, aExponent, b, bExponent) => {
      const left = comparableAmount(a, aExponent);
      const right = comparableAmount(b, bExponent);
      const difference = a * 10n ** BigInt(bExponent) - b * 10n ** BigInt(aExponent);
      expect([left < right, left === right, left > right]).toEqual([
        difference < 0n,
        difference === 0n,
        difference > 0n,
      ]);
    }),
    { numRuns: 5_000 },
  );
});

test('a sum of decimal texts equals the sum of the amounts, on both sides of 2^53', () => {
  const near = fc.bigInt({ min: 2n ** 53n - 10n ** 5n, max: 2n ** 53n + 10n ** 5n });
  const amount = fc.oneof(
    minor,
    near,
    near.map((value) => value / 10_000n),
    fc.bigInt({ min: -999n, max: 999n }),
  );
  fc.assert(
    fc.property(amount, amount, amount, exponent, (a, b, c, decimals) => {
      const sum = comparableSum(decimals, String(a), String(b), String(c));
      expect(sum).toBe(comparableAmount(a + b + c, decimals));
      expect(comparableSum(decimals, String(a))).toBe(comparableAmount(a, decimals));
    }),
    { numRuns: 10_000 },
  );
});

test('a short decimal is read as Number reads it', () => {
  const ratio = fc.stringMatching(/^[0-9]{1,6}(\.[0-9]{1,6})?$/);
  fc.assert(
    fc.property(ratio, (text) => {
      expect(shortDecimal(text)).toBe(Number(text));
    }),
    { numRuns: 20_000 },
  );
});

test('neighbours beyond 2^53 stay apart', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 70n }), (value) => {
      expect(exact(value) < exact(value + 1n)).toBe(true);
      expect(exact(value)).not.toBe(exact(value + 1n));
      expect(BigInt(exact(value))).toBe(value);
    }),
  );
});

test('a number in a policy equals the amount that is written with the same digits', () => {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 15n - 1n });
  fc.assert(
    fc.property(digits, exponent, fc.boolean(), (value, decimals, negative) => {
      const signed = negative ? -value : value;
      const operand = comparableOperand(Number(formatAmount(signed, decimals)));
      expect(operand).toBe(comparableAmount(signed, decimals));
    }),
    { numRuns: 5_000 },
  );
});

test('a number that JSON would have rounded, or with more decimals than any currency, is no amount', () => {
  expect(comparableOperand(0.1 + 0.2)).toBe('too_precise');
  expect(comparableOperand(9_007_199_254_740_993)).toBe('too_precise');
  expect(comparableOperand(Number.NaN)).toBe('too_precise');
  expect(comparableOperand(Number.POSITIVE_INFINITY)).toBe('too_precise');
  expect(comparableOperand(0.00001)).toBe('too_many_decimals');
  expect(comparableOperand(1e-7)).toBe('too_many_decimals');
  expect(comparableOperand(1e21)).toBe(10n ** 25n);
  expect(comparableOperand(-0)).toBe(0);
});
