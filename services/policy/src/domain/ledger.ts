import { type Account, recordPayment } from './account.ts';
import { type Charge, NO_CHARGE, recharge } from './budget.ts';
import { budgetsOn, type SharedBudget } from './purse.ts';
import { moveWallet } from './wallet.ts';

/** Everything that an intent counts in, and the date of its windows: those of its creation. */
export interface Books {
  readonly account: Account;
  readonly shared: readonly SharedBudget[];
  readonly date: string;
  readonly intentId: string;
  /** Whether the agent's wallet counts it: one that was opened later does not. */
  readonly inWallet: boolean;
}

export type Outcome = 'approved' | 'denied' | 'pending_approval';

/** What an intent asks the budgets for; null without an exchange rate, when nothing can be held. */
export type Claim = {
  readonly amountBase: bigint;
  /** What is held until it is settled: the amount with the agent's tolerance. */
  readonly reserve: bigint;
  /** Whether it is spent only when it is settled. */
  readonly settles: boolean;
} | null;

/** The claim of an amount; `tolerancePercent` is null for an agent whose intents are captured at once. */
export function claimOf(amountBase: bigint | null, tolerancePercent: number | null): Claim {
  if (amountBase === null) return null;
  return { amountBase, reserve: withTolerance(amountBase, tolerancePercent), settles: tolerancePercent !== null };
}

/** Rounded up, as everything that is asked of a budget. */
export function withTolerance(amountBase: bigint, tolerancePercent: number | null): bigint {
  return (amountBase * BigInt(100 + (tolerancePercent ?? 0)) + 99n) / 100n;
}

/**
 * What an intent counts for when it is decided: denied is nothing, asked of people is held, allowed is spent at once or
 * held until it is settled.
 */
export function chargeOf(outcome: Outcome, claim: Claim): Charge {
  if (claim === null || outcome === 'denied') return NO_CHARGE;
  if (outcome === 'pending_approval' || claim.settles) return { spent: 0n, held: claim.reserve };
  return { spent: claim.amountBase, held: 0n };
}

/** Replaces what an intent counted for in all its windows and in the wallet. Every change of balances goes through here. */
export function post({ account, shared, date, intentId, inWallet }: Books, before: Charge, after: Charge): void {
  if (before.spent === after.spent && before.held === after.held) return;
  for (const purse of [account, ...shared]) {
    const { daily, monthly } = budgetsOn(purse, date);
    recharge(daily, before, after);
    recharge(monthly, before, after);
  }
  if (inWallet && account.wallet) moveWallet(account.wallet, intentId, before, after);
}

/** Counts a first answer. */
export function countDecision(books: Books, outcome: Outcome, claim: Claim): void {
  if (outcome === 'pending_approval') books.account.openApprovals += 1;
  post(books, NO_CHARGE, chargeOf(outcome, claim));
  if (outcome === 'approved' && claim) recordPayment(books.account, claim.amountBase);
}

/** Counts what became of a request for approval; `held` is what was claimed when people were asked. */
export function countResolution(books: Books, held: Claim, outcome: 'approved' | 'denied', claim: Claim): void {
  books.account.openApprovals -= 1;
  post(books, chargeOf('pending_approval', held), chargeOf(outcome, claim));
  if (outcome === 'approved' && claim) recordPayment(books.account, claim.amountBase);
}
