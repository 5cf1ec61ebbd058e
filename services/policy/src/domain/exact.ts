/**
 * An exact integer: a number while it is a safe one, else a bigint. One value has exactly one form, so `===` and `Set`
 * compare by value; `<` and `>` compare the two forms exactly (ECMA-262, IsLessThan).
 */
export type Exact = number | bigint;

/** Money compares in ten-thousandths of a unit: no currency of ISO 4217 has more than four decimals. */
export const COMPARED_DECIMALS = 4;

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

export function exact(value: bigint): Exact {
  return value <= MAX_SAFE && value >= -MAX_SAFE ? Number(value) : value;
}

/** Minor units of a currency with `exponent` decimals, in ten-thousandths of its unit. */
export function comparableAmount(minor: bigint, exponent: number): Exact {
  return exact(minor * 10n ** BigInt(COMPARED_DECIMALS - exponent));
}

const POWERS_OF_TEN = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
const [ZERO, POINT] = [48, 46];

/** The number that a text such as `0.85` says, of at most six decimals; for these, much faster than `Number`. */
export function shortDecimal(text: string): number {
  let digits = 0;
  let decimals = -1;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (decimals >= 0) decimals += 1;
    if (code === POINT) decimals += decimals < 0 ? 1 : Number.NaN;
    else digits = digits * 10 + code - ZERO;
  }
  // Both are whole numbers below 2^53, so the quotient is the number nearest to the decimal, as `Number` gives it.
  return digits / (POWERS_OF_TEN[Math.max(0, decimals)] ?? Number.NaN);
}

/** Digits whose numbers add up without rounding, three at a time. */
const EXACT_DIGITS = 15;

/** V8 remembers the number that a text of up to seven digits is. */
const REMEMBERED_DIGITS = 7;

/** NaN for what is not a number of so few digits; for the rest faster than `Number`. */
function shortInteger(text: string): number {
  if (text.length <= REMEMBERED_DIGITS) return Number(text);
  if (text.length > EXACT_DIGITS) return Number.NaN;
  let value = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * The sum of up to three amounts in minor units of one currency, as decimal texts, in ten-thousandths of its unit. Every
 * decision adds up some of these, and numbers are many times as fast as bigints.
 */
export function comparableSum(exponent: number, one: string, two?: string, three?: string): Exact {
  let sum = shortInteger(one);
  if (two !== undefined) sum += shortInteger(two);
  if (three !== undefined) sum += shortInteger(three);
  const scaled = sum * (POWERS_OF_TEN[COMPARED_DECIMALS - exponent] ?? Number.NaN);
  if (Number.isSafeInteger(scaled)) return scaled;
  return comparableAmount(BigInt(one) + BigInt(two ?? 0) + BigInt(three ?? 0), exponent);
}

/** Why a policy's number is no amount: a JSON parser keeps 15 significant digits, and no currency has 5 decimals. */
export type OperandFault = 'too_precise' | 'too_many_decimals';

/**
 * A number written in a policy, in whole units of a currency (`50000`, `0.1`), as ten-thousandths. It is read by its
 * shortest decimal form, which is the text the author wrote as long as that had at most 15 significant digits.
 */
export function comparableOperand(value: number): Exact | OperandFault {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (!match) return 'too_precise';
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return 0;
  if (significant.length > 15) return 'too_precise';
  const scale = Number(power) - fraction.length + (digits.length - significant.length) + COMPARED_DECIMALS;
  if (scale < 0) return 'too_many_decimals';
  if (scale > 40) return 'too_precise';
  const scaled = BigInt(significant) * 10n ** BigInt(scale);
  return exact(sign === '-' ? -scaled : scaled);
}

const bits = new DataView(new ArrayBuffer(8));

/** The smallest number above a finite one (IEEE 754, nextUp). */
export function nextNumber(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}
