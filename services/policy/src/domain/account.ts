import type { AgentStatus, RiskLevel } from './agent.ts';
import { type Budget, emptyBudget } from './budget.ts';
import { monthStart } from './calendar.ts';
import type { Activity } from './features/activity.ts';
import type { MerchantHistory } from './features/merchant-history.ts';
import type { Piece } from './features/pieces.ts';

/** What deciding needs of one agent, and counts as it goes; the shell loads it under lock and writes it back. */
export interface Account {
  readonly organizationId: string;
  readonly agentId: string;
  readonly name: string;
  readonly riskLevel: RiskLevel;
  readonly status: AgentStatus;
  readonly dailyLimit: bigint | null;
  readonly monthlyLimit: bigint | null;
  /** The person who registered the agent. */
  readonly ownerId: string | null;
  /** Payments made so far and their sum: the agent's own history, without a scan. */
  historyCount: number;
  historySum: bigint;
  /** Intents that people are being asked about. */
  openApprovals: number;
  readonly budgets: Map<string, WindowBudget>;
  readonly activity: Activity;
  /** What it spent where, by merchant key. */
  readonly merchants: Map<string, MerchantHistory>;
  /** Amounts just below thresholds, by merchant key; the organisation's agents share them. */
  readonly pieces: Map<string, Piece[]>;
}

export type WindowKind = 'day' | 'month';

/** A budget with the window it belongs to; `start` is the window's first date on the organisation's calendar. */
export interface WindowBudget extends Budget {
  readonly kind: WindowKind;
  readonly start: string;
}

/** The windows that an intent of this date counts in. */
export function windowsOf(date: string): readonly { readonly kind: WindowKind; readonly start: string }[] {
  return [
    { kind: 'day', start: date },
    { kind: 'month', start: monthStart(date) },
  ];
}

/** The daily and the monthly budget of a date, opened empty when nothing was counted there yet. */
export function budgetsOn(account: Account, date: string): { readonly daily: Budget; readonly monthly: Budget } {
  return { daily: budgetOf(account, 'day', date), monthly: budgetOf(account, 'month', monthStart(date)) };
}

export function putBudget(account: Account, budget: WindowBudget): void {
  account.budgets.set(`${budget.kind} ${budget.start}`, budget);
}

function budgetOf(account: Account, kind: WindowKind, start: string): Budget {
  const known = account.budgets.get(`${kind} ${start}`);
  if (known) return known;
  const opened = { kind, start, ...emptyBudget() };
  putBudget(account, opened);
  return opened;
}

/** A payment was made: it counts in the agent's history. */
export function recordPayment(account: Account, amount: bigint): void {
  account.historyCount += 1;
  account.historySum += amount;
}

/** Mean of the payments so far in minor units, rounded down; null before the first. */
export function historyMean(account: Account): bigint | null {
  return account.historyCount === 0 ? null : account.historySum / BigInt(account.historyCount);
}
