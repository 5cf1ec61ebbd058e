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

/** Digits whose numbers add up without rounding, three at a time. */
const EXACT_DIGITS = 15;

/**
 * The sum of up to three amounts in minor units of one currency, as decimal texts, in ten-thousandths of its unit. Every
 * decision adds up some of these, and numbers are many times as fast as bigints.
 */
export function comparableSum(exponent: number, one: string, two = '0', three = '0'): Exact {
  if (one.length <= EXACT_DIGITS && two.length <= EXACT_DIGITS && three.length <= EXACT_DIGITS) {
    const scaled = (Number(one) + Number(two) + Number(three)) * 10 ** (COMPARED_DECIMALS - exponent);
    if (Number.isSafeInteger(scaled)) return scaled;
  }
  return comparableAmount(BigInt(one) + BigInt(two) + BigInt(three), exponent);
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
