import { digestOf } from '@aegis/contracts/canonical-json';
import { type FieldError, ProblemError } from '@aegis/contracts/problems';
import { currencyExponent } from '@aegis/contracts/money';

/** What one unit of `currency` is worth in the base currency from `effectiveAt` on. Never changed once recorded. */
export interface FxRate {
  readonly id: string;
  readonly currency: string;
  readonly baseCurrency: string;
  /** Decimal text above zero. */
  readonly rate: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly effectiveAt: string;
  /** Counts the corrections of this time's rate, from 1; the last one holds. */
  readonly revision: number;
  readonly recordedAt: string;
}

/** An amount in the base currency and the rate that made it. */
export interface Conversion {
  readonly amountBase: bigint;
  readonly rate: FxRate;
}

/** SHA-256 of a rate's own fields, for the record of a correction. */
export function rateDigest({ id, currency, baseCurrency, rate, effectiveAt, revision, recordedAt }: FxRate): string {
  return digestOf({ id, currency, baseCurrency, rate, effectiveAt, revision, recordedAt });
}

const RATE = /^(\d{1,12})(?:\.(\d{1,12}))?$/;
const HOUR_MS = 3_600_000;

/** A rate may be recorded ahead of its time, but a typing error in the year must not lie in wait. */
const MAX_AHEAD_MS = 366 * 24 * HOUR_MS;
const EARLIEST_MS = Date.UTC(2000, 0);

/** Minor units and their currency's decimals. */
interface Amount {
  readonly minor: bigint;
  readonly exponent: number;
}

/** The amount in minor units of the base currency, rounded up: no limit is passed by what rounding hides. */
export function convert({ minor, exponent }: Amount, rate: string, baseExponent: number): bigint {
  const [, whole = '', fraction = ''] = RATE.exec(rate) ?? [];
  if (whole === '') throw new RangeError(`${rate} is not a rate`);
  const numerator = minor * BigInt(whole + fraction) * 10n ** BigInt(baseExponent);
  const denominator = 10n ** BigInt(exponent + fraction.length);
  return (numerator + denominator - 1n) / denominator;
}

/**
 * The rate that holds at an instant: of those effective by then the latest, of several with one time the last
 * revision. Null when there is none, or when it is older than `maxAgeHours`.
 */
export function rateAt(
  rates: readonly FxRate[],
  { baseCurrency, currency, atMs, maxAgeHours }: RateQuery,
): FxRate | null {
  let found: FxRate | null = null;
  for (const rate of rates) {
    if (rate.currency !== currency || rate.baseCurrency !== baseCurrency) continue;
    const effectiveMs = Date.parse(rate.effectiveAt);
    if (effectiveMs > atMs || atMs - effectiveMs > maxAgeHours * HOUR_MS) continue;
    if (!found || isAfter(rate, found)) found = rate;
  }
  return found;
}

export interface RateQuery {
  readonly baseCurrency: string;
  readonly currency: string;
  readonly atMs: number;
  readonly maxAgeHours: number;
}

function isAfter(one: FxRate, other: FxRate): boolean {
  return one.effectiveAt === other.effectiveAt ? one.revision > other.revision : one.effectiveAt > other.effectiveAt;
}

/** A rate as somebody gives it. Without a time it holds from now on. */
export interface RateInput {
  readonly currency: string;
  readonly rate: string;
  readonly effectiveAt?: string | undefined;
}

export const MAX_RATES_A_CALL = 500;

/**
 * Checks rates that are to be recorded; those without a time hold from `now`.
 *
 * @throws ProblemError `invalid_request` naming each rate at fault by its place in the list
 */
export function readRates(
  inputs: readonly RateInput[],
  baseCurrency: string,
  now: Date,
): Omit<FxRate, 'id' | 'revision' | 'recordedAt'>[] {
  if (inputs.length === 0 || inputs.length > MAX_RATES_A_CALL) {
    throw invalid([{ path: 'rates', message: `must hold 1 to ${MAX_RATES_A_CALL} rates` }]);
  }
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  const rates = inputs.map(({ currency, rate, effectiveAt = now.toISOString() }, index) => {
    const at = Date.parse(effectiveAt);
    const refuse = (field: string, message: string) => errors.push({ path: `rates[${index}].${field}`, message });
    if (currencyExponent(currency) === undefined) refuse('currency', 'must be a code of ISO 4217 such as "EUR"');
    else if (currency === baseCurrency) refuse('currency', 'is the base currency, which needs no rate');
    if (!isRate(rate)) refuse('rate', 'must be a decimal above 0 with at most 12 digits on each side of the point');
    if (!(at >= EARLIEST_MS && at <= now.getTime() + MAX_AHEAD_MS)) {
      refuse('effectiveAt', 'must be a time from 2000 on and at most a year ahead');
    }
    const time = Number.isNaN(at) ? effectiveAt : new Date(at).toISOString();
    if (seen.has(`${currency} ${time}`)) refuse('effectiveAt', 'is given twice for this currency');
    seen.add(`${currency} ${time}`);
    return { currency, baseCurrency, rate, effectiveAt: time };
  });
  if (errors.length > 0) throw invalid(errors);
  return rates;
}

function isRate(text: string): boolean {
  return RATE.test(text) && /[1-9]/.test(text);
}

function invalid(errors: readonly FieldError[]): ProblemError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new ProblemError('invalid_request', `${first?.path} ${first?.message}${more}`, errors.slice(0, 20));
}
