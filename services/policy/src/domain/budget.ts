/** What an agent has used of one window: `spent` is final, `held` is reserved for intents that a person still decides. */
export interface Budget {
  spent: bigint;
  held: bigint;
}

/** The counters contradict the decisions. No retry helps; an operator must look. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
}

export function emptyBudget(): Budget {
  return { spent: 0n, held: 0n };
}

/**
 * The rule of limits: what is spent, what is held and what is asked for together stay within the limit. Null is
 * unlimited, 0 allows nothing. All amounts are minor units of the organisation's base currency.
 */
export function wouldExceed(limit: bigint | null, budget: Readonly<Budget>, amount: bigint): boolean {
  return limit !== null && budget.spent + budget.held + amount > limit;
}

/** Allowed at once. */
export function spend(budget: Budget, amount: bigint): void {
  budget.spent += amount;
}

/** A person is asked: the amount stays reserved until they answer. */
export function hold(budget: Budget, amount: bigint): void {
  budget.held += amount;
}

/** Approved: the reservation becomes spending, in the window that it was made in. */
export function capture(budget: Budget, amount: bigint): void {
  release(budget, amount);
  budget.spent += amount;
}

/** Rejected or expired: the reservation is given back. */
export function release(budget: Budget, amount: bigint): void {
  if (amount > budget.held) throw new BudgetError(`${amount} is to be released, but only ${budget.held} is held`);
  budget.held -= amount;
}
