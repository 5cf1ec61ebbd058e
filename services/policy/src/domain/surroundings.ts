import { caseless } from './caseless.ts';
import type { FxRate } from './fx.ts';
import type { SharedBudget } from './purse.ts';

/** What deciding an intent looks at beside the submission, the agent's account and the policy set. */
export interface Surroundings {
  /** Of the intent's currency, in any order; empty for the base currency. */
  readonly rates: readonly FxRate[];
  /** The budgets beyond the agent's own that the intent counts in. */
  readonly shared: readonly SharedBudget[];
  /** Intents of one agent that may wait for people at the same time. */
  readonly maxOpenApprovals: number;
}

/** Whether an intent of this category and date counts in a shared budget. */
export function countsIn(budget: SharedBudget, merchantCategory: string | null, date: string): boolean {
  if (date < budget.since) return false;
  return budget.category === null || budget.category === caseless(merchantCategory);
}
