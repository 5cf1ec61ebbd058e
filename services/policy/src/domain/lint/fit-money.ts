import { currencyExponent } from '@aegis/contracts/money';
import { COMPARED_DECIMALS } from '../exact.ts';
import type { Settings } from '../organization.ts';
import { type Candidate, ORDINARY, roundDown, roundUp, within } from './candidates.ts';

/** Amounts of an intent and of its agent's past that can be had together, in minor units. */
export interface Spending {
  readonly amountMinor: bigint;
  readonly currency: string;
  /** Of the base currency, as all that follow. Null: there is no exchange rate. */
  readonly baseMinor: bigint | null;
  readonly dailyMinor: bigint;
  readonly monthlyMinor: bigint;
}

/** A run of amounts in ten-thousandths, both ends included. */
interface Run {
  readonly low: bigint;
  readonly high: bigint;
}

type Values = (field: string) => readonly Candidate[];

const MAX_TRIES = 2_000;

/**
 * Amounts within the candidates of all fields of money at once: the amount in the base currency is the amount (other
 * currencies get a rate of one), what is spent after the intent is what was spent before and the amount, and a month
 * has what its day has. Null when none of the runs go together.
 */
export function fitMoney(values: Values, settings: Settings): Spending | null {
  for (const { value: currency } of values('currency')) {
    const exponent = currencyExponent(String(currency));
    if (exponent === undefined) continue;
    const found = fitCurrency(values, String(currency), exponent, settings);
    if (found) return found;
  }
  return null;
}

function fitCurrency(
  values: Values,
  currency: string,
  exponent: number,
  { baseCurrency, baseExponent }: Settings,
): Spending | null {
  const unit = 10n ** BigInt(COMPARED_DECIMALS - baseExponent);
  const ownUnit = 10n ** BigInt(COMPARED_DECIMALS - exponent);
  const [amounts, daily, monthly] = [
    runs(values('amount')),
    runs(values('daily_spend')),
    runs(values('monthly_spend')),
  ];
  if (currency !== baseCurrency && MONEY_AFTER.every((field) => mayBeMissing(values(field)))) {
    const amount = amounts.map((run) => pick(run, ownUnit, ORDINARY)).find((value) => value !== null);
    const spent = fitSpend(daily, monthly, unit);
    if (amount === undefined || amount === null || !spent) return null;
    return { amountMinor: amount / ownUnit, currency, baseMinor: null, ...inMinor(spent, unit) };
  }
  if (exponent !== baseExponent) return null;
  let tries = 0;
  const after = [runs(values('daily_spend_after')), runs(values('monthly_spend_after'))] as const;
  for (const own of amounts) {
    for (const base of runs(values('amount_base'))) {
      for (const [day, dayAfter] of pairs(daily, after[0])) {
        for (const [month, monthAfter] of pairs(monthly, after[1])) {
          tries += 1;
          if (tries > MAX_TRIES) return null;
          const shared = common([own, base, difference(dayAfter, day), difference(monthAfter, month)]);
          const amount = pick(shared, unit, ORDINARY);
          if (amount === null || amount <= 0n) continue;
          const days = common([day, shift(dayAfter, -amount)]);
          const months = common([month, shift(monthAfter, -amount)]);
          const spent = fitSpend([days], [months], unit);
          if (spent) return { amountMinor: amount / unit, currency, baseMinor: amount / unit, ...inMinor(spent, unit) };
        }
      }
    }
  }
  return null;
}

const MONEY_AFTER = ['amount_base', 'daily_spend_after', 'monthly_spend_after'];

function mayBeMissing(values: readonly Candidate[]): boolean {
  return values.some(({ value }) => value === undefined);
}

/** The candidates that are there. */
function runs(values: readonly Candidate[]): Run[] {
  return values.flatMap(({ low, high }) =>
    typeof low === 'bigint' && typeof high === 'bigint' ? [{ low, high }] : [],
  );
}

function* pairs<A, B>(some: readonly A[], others: readonly B[]): Generator<[A, B]> {
  for (const one of some) for (const other of others) yield [one, other];
}

function common(all: readonly Run[]): Run {
  return all.reduce((one, other) => ({
    low: one.low > other.low ? one.low : other.low,
    high: one.high < other.high ? one.high : other.high,
  }));
}

/** What can be between a value of the one run and one of the other. */
function difference(to: Run, from: Run): Run {
  return { low: to.low - from.high, high: to.high - from.low };
}

function shift({ low, high }: Run, by: bigint): Run {
  return { low: low + by, high: high + by };
}

/** The value of a run in whole units that is nearest to what is wished. */
function pick({ low, high }: Run, unit: bigint, wish: bigint): bigint | null {
  const [first, last] = [roundUp(low, unit), roundDown(high, unit)];
  return first <= last ? within(wish, first, last) : null;
}

/** The least that can be spent of a day, and of its month no less. */
function fitSpend(
  days: readonly Run[],
  months: readonly Run[],
  unit: bigint,
): { readonly day: bigint; readonly month: bigint } | null {
  for (const [dayRun, monthRun] of pairs(days, months)) {
    const day = pick(dayRun, unit, 0n);
    if (day === null || day < 0n) continue;
    const month = pick(common([monthRun, { low: day, high: monthRun.high }]), unit, day);
    if (month !== null) return { day, month };
  }
  return null;
}

function inMinor({ day, month }: { readonly day: bigint; readonly month: bigint }, unit: bigint) {
  return { dailyMinor: day / unit, monthlyMinor: month / unit };
}
