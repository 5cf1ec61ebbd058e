import { type Budget, emptyBudget } from './budget.ts';
import { monthStart } from './calendar.ts';

export type WindowKind = 'day' | 'month';

/** A budget with the window it belongs to; `start` is the window's first date on the organisation's calendar. */
export interface WindowBudget extends Budget {
  readonly kind: WindowKind;
  readonly start: string;
}

/** Limits, and what was counted against them by window: an agent's, an organisation's or a category's. */
export interface Purse {
  readonly dailyLimit: bigint | null;
  readonly monthlyLimit: bigint | null;
  readonly budgets: Map<string, WindowBudget>;
}

/** A budget that the agents of an organisation share: all of its spending, or that in one category of merchants. */
export interface SharedBudget extends Purse {
  readonly organizationId: string;
  /** In the form that compares without case; null is the whole organisation's. */
  readonly category: string | null;
  /** First date that it counts: intents of earlier days neither count in it nor are bound by it. */
  readonly since: string;
}

/** The windows that an intent of this date counts in. */
export function windowsOf(date: string): readonly { readonly kind: WindowKind; readonly start: string }[] {
  return [
    { kind: 'day', start: date },
    { kind: 'month', start: monthStart(date) },
  ];
}

/** The daily and the monthly budget of a date, opened empty when nothing was counted there yet. */
export function budgetsOn(purse: Purse, date: string): { readonly daily: Budget; readonly monthly: Budget } {
  return { daily: budgetOf(purse, 'day', date), monthly: budgetOf(purse, 'month', monthStart(date)) };
}

export function putBudget(purse: Purse, budget: WindowBudget): void {
  purse.budgets.set(`${budget.kind} ${budget.start}`, budget);
}

function budgetOf(purse: Purse, kind: WindowKind, start: string): Budget {
  const known = purse.budgets.get(`${kind} ${start}`);
  if (known) return known;
  const opened = { kind, start, ...emptyBudget() };
  putBudget(purse, opened);
  return opened;
}
