import { type Account, recordPayment } from './account.ts';
import { type Charge, NO_CHARGE, recharge } from './budget.ts';
import { budgetsOn, type SharedBudget } from './purse.ts';

/** Everything that an intent counts in, and the date of its windows: those of its creation. */
export interface Books {
  readonly account: Account;
  readonly shared: readonly SharedBudget[];
  readonly date: string;
}

export type Outcome = 'approved' | 'denied' | 'pending_approval';

/**
 * What an intent counts for: allowed is spent at once, asked is held until people answer, denied counts nothing. Without
 * an exchange rate nothing can be held.
 */
export function chargeOf(outcome: Outcome, amountBase: bigint | null): Charge {
  if (amountBase === null || outcome === 'denied') return NO_CHARGE;
  return outcome === 'approved' ? { spent: amountBase, held: 0n } : { spent: 0n, held: amountBase };
}

/** Replaces what an intent counted for in all its windows. */
export function post({ account, shared, date }: Books, before: Charge, after: Charge): void {
  if (before.spent === after.spent && before.held === after.held) return;
  for (const purse of [account, ...shared]) {
    const { daily, monthly } = budgetsOn(purse, date);
    recharge(daily, before, after);
    recharge(monthly, before, after);
  }
}

/** Counts a first answer. */
export function countDecision(books: Books, outcome: Outcome, amountBase: bigint | null): void {
  if (outcome === 'pending_approval') books.account.openApprovals += 1;
  post(books, NO_CHARGE, chargeOf(outcome, amountBase));
  if (outcome === 'approved' && amountBase !== null) recordPayment(books.account, amountBase);
}

/** Counts what became of a request for approval, of which `held` was held. */
export function countResolution(
  books: Books,
  held: bigint | null,
  outcome: 'approved' | 'denied',
  amountBase: bigint | null,
): void {
  books.account.openApprovals -= 1;
  post(books, chargeOf('pending_approval', held), chargeOf(outcome, amountBase));
  if (outcome === 'approved' && amountBase !== null) recordPayment(books.account, amountBase);
}

/** The amount of a decision's context in minor units; null without an exchange rate. */
export function minorOrNull(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
