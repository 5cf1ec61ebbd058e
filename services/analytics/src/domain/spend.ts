import { type Money, currencyExponent, money } from '@aegis/contracts/money';
import type { IntentStatus } from './facts.ts';

/** Intents of one period that share a status and their currencies: how many, and what they add up to in minor units. */
export interface SpendGroup {
  readonly period: 'current' | 'previous';
  readonly status: IntentStatus;
  readonly currency: string;
  readonly exponent: number;
  /** Of the decision; null before one. */
  readonly baseCurrency: string | null;
  readonly count: bigint;
  readonly amountMinor: bigint;
  /** Over the intents whose amount in the base currency is known. */
  readonly amountBaseMinor: bigint;
}

export interface Bucket {
  readonly count: bigint;
  readonly amount: Money;
}

export interface Spend {
  /** Approved intents in the base currency. */
  readonly total: Money;
  readonly previousTotal: Money;
  readonly intentCount: bigint;
  readonly buckets: Readonly<Record<IntentStatus, Bucket>>;
  /** Approved intents in the currencies they were submitted in, by code. */
  readonly byCurrency: readonly Money[];
}

/** ISO 4217's code for "no currency": what the totals of an organisation are in that nothing is known of yet. */
const NO_CURRENCY = 'XXX';

/** Adds the groups up. `baseCurrency` is the organisation's at present; null when it is not known. */
export function summarizeSpend(groups: readonly SpendGroup[], baseCurrency: string | null): Spend {
  const base = baseCurrency ?? NO_CURRENCY;
  const inBase = (minor: bigint) => money(minor, base, currencyExponent(base) ?? 0);
  const current = groups.filter((group) => group.period === 'current');
  const previous = groups.filter((group) => group.period === 'previous');

  const bucket = (members: readonly SpendGroup[], status: IntentStatus): Bucket => {
    const those = members.filter((group) => group.status === status);
    return {
      count: sum(those.map((group) => group.count)),
      amount: inBase(sum(those.map((group) => baseAmount(group, base)))),
    };
  };
  const buckets = {
    approved: bucket(current, 'approved'),
    denied: bucket(current, 'denied'),
    pending: bucket(current, 'pending'),
    pending_approval: bucket(current, 'pending_approval'),
  };
  return {
    total: buckets.approved.amount,
    previousTotal: bucket(previous, 'approved').amount,
    intentCount: sum(current.map((group) => group.count)),
    buckets,
    byCurrency: approvedByCurrency(current),
  };
}

/**
 * Decided intents were converted at their decision. Where that was none, or into a base currency of former times, an
 * amount that is in the base currency anyway counts as it is, and any other is counted without being summed.
 */
function baseAmount(group: SpendGroup, base: string): bigint {
  if (group.baseCurrency === base) return group.amountBaseMinor;
  return group.currency === base ? group.amountMinor : 0n;
}

function approvedByCurrency(groups: readonly SpendGroup[]): Money[] {
  const approved = groups.filter((group) => group.status === 'approved');
  const codes = [...new Set(approved.map((group) => group.currency))].toSorted();
  return codes.map((currency) => {
    const members = approved.filter((group) => group.currency === currency);
    const exponent = Math.max(...members.map((group) => group.exponent));
    return money(sum(members.map((group) => group.amountMinor)), currency, exponent);
  });
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
