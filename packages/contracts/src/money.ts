import currencyCodes from 'currency-codes';
import { z } from 'zod';

/**
 * An exact amount: `amountMinor` counts the currency's smallest unit (paise, cents; ISO 4217 exponent), as a decimal
 * string on the wire because JSON numbers are floats.
 */
export interface Money {
  readonly amountMinor: string;
  readonly currency: string;
  readonly exponent: number;
}

export const moneySchema = z.object({
  amountMinor: z.string().regex(/^-?\d{1,38}$/),
  currency: z.string().length(3),
  exponent: z.number().int().min(0).max(4),
});

const exponents = new Map(currencyCodes.data.map((entry) => [entry.code, entry.digits]));

/** Decimals of a currency by ISO 4217, or undefined for a code the standard does not list. */
export function currencyExponent(currency: string): number | undefined {
  return exponents.get(currency);
}

/** Why an amount was refused; each is one stable error code of the API. */
export type AmountFault = 'amount_not_positive' | 'amount_too_precise' | 'amount_decimals';

/** Digits a JSON number holds without loss; a longer amount would already have been rounded by the parser. */
const MAX_SIGNIFICANT_DIGITS = 15;

/**
 * Reads an amount from the text the client sent, never from the parsed float.
 *
 * @param text a JSON number such as `5000`, `12.50` or `1e3`
 * @returns minor units, or the fault: zero or negative, over 15 significant digits, more decimals than the currency has
 */
export function parseAmount(text: string, exponent: number): bigint | AmountFault {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!match) return 'amount_too_precise';
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (sign === '-' || significant === '') return 'amount_not_positive';
  if (significant.length > MAX_SIGNIFICANT_DIGITS) return 'amount_too_precise';
  // value = significant × 10^scale
  const scale = Number(power) - fraction.length + (digits.length - significant.length);
  if (scale < -exponent) return 'amount_decimals';
  const minorScale = scale + exponent;
  if (significant.length + scale > MAX_SIGNIFICANT_DIGITS) return 'amount_too_precise';
  return BigInt(significant) * 10n ** BigInt(minorScale);
}

/** Minor units as a decimal text in the currency's own unit: `formatAmount(1250n, 2)` is `12.50`. */
export function formatAmount(minor: bigint, exponent: number): string {
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** The JSON number of an amount that entered with at most 15 significant digits, so that it round-trips exactly. */
export function amountAsNumber(minor: bigint, exponent: number): number {
  return Number(formatAmount(minor, exponent));
}

/** Builds the wire form. */
export function money(minor: bigint, currency: string, exponent: number): Money {
  return { amountMinor: minor.toString(), currency, exponent };
}
