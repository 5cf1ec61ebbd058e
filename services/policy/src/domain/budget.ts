/** What was used of one window: `spent` is final, `held` is reserved for intents that are not settled or answered yet. */
export interface Budget {
  spent: bigint;
  held: bigint;
}

/** What one intent counts for in every window that it falls into. */
export type Charge = Readonly<Budget>;

export const NO_CHARGE: Charge = { spent: 0n, held: 0n };

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

/** An intent counts for `after` from now on, and no longer for `before`. Every change of a budget is one of these. */
export function recharge(budget: Budget, before: Charge, after: Charge): void {
  const spent = budget.spent + after.spent - before.spent;
  const held = budget.held + after.held - before.held;
  if (spent < 0n || held < 0n) {
    const gone = `${before.spent} spent and ${before.held} held`;
    throw new BudgetError(`${gone} are to be replaced, but only ${budget.spent} and ${budget.held} are counted`);
  }
  budget.spent = spent;
  budget.held = held;
}
