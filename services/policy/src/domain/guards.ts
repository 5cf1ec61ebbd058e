import type { DecisionContext } from '@aegis/contracts/events/intents';
import { formatAmount } from '@aegis/contracts/money';
import { wouldExceed } from './budget.ts';
import { withTolerance } from './ledger.ts';
import { wouldOverdraw } from './wallet.ts';

/** What no policy can lift; the names are what people read in `matchedPolicy`. */
export const GUARDS = {
  suspended: 'Agent Suspended',
  dailyLimit: 'Daily Limit',
  monthlyLimit: 'Monthly Limit',
  wallet: 'Insufficient Wallet Balance',
  missingRate: 'Missing FX Rate',
  openApprovals: 'Too Many Open Approvals',
  undecidable: 'Undecidable',
} as const;

/** A guard that spoke up. */
export interface Guard {
  readonly name: (typeof GUARDS)[keyof typeof GUARDS];
  readonly verdict: 'deny' | 'require_approval';
  /** A sentence that begins with the name. */
  readonly reason: string;
}

/** The guards that object to an intent seen in this context, the gravest first. */
export function objections(context: DecisionContext, currency: string): Guard[] {
  const found: Guard[] = [];
  if (context.agentStatus === 'suspended') found.push(suspendedGuard());
  const amount = askedOf(context);
  if (amount === null) {
    found.push(missingRateGuard(currency, context.baseCurrency));
    return found;
  }
  const purses = pursesOf(context);
  for (const { whose, dailyLimitMinor, dailySpentMinor, dailyHeldMinor } of purses) {
    const window = { limit: dailyLimitMinor, spent: dailySpentMinor, held: dailyHeldMinor };
    limitGuard(GUARDS.dailyLimit, whose, window, amount, context, found);
  }
  for (const { whose, monthlyLimitMinor, monthlySpentMinor, monthlyHeldMinor } of purses) {
    const window = { limit: monthlyLimitMinor, spent: monthlySpentMinor, held: monthlyHeldMinor };
    limitGuard(GUARDS.monthlyLimit, whose, window, amount, context, found);
  }
  const overdraft = walletGuard(context, amount);
  if (overdraft) found.push(overdraft);
  return found;
}

function walletGuard({ wallet, baseCurrency, baseExponent }: DecisionContext, amount: bigint): Guard | null {
  if (!wallet) return null;
  const { mode, balanceMinor, heldMinor } = wallet;
  const [balance, held] = [BigInt(balanceMinor), BigInt(heldMinor)];
  if (!wouldOverdraw({ mode, balance, held }, amount)) return null;
  const text = (minor: bigint) => formatAmount(minor, baseExponent);
  const has = `${text(balance)} ${baseCurrency} is in the wallet and ${text(held)} of it held`;
  return { name: GUARDS.wallet, verdict: 'deny', reason: `${GUARDS.wallet}: ${has}; ${text(amount)} was asked` };
}

/** What would be held of the base currency, in minor units: the amount and what settling may add; null without a rate. */
export function askedOf({ amountBaseMinor, settlement }: DecisionContext): bigint | null {
  return amountBaseMinor === null ? null : withTolerance(BigInt(amountBaseMinor), settlement?.tolerancePercent ?? null);
}

/** Whose limits there are: the agent's own first. */
export function pursesOf(context: DecisionContext) {
  const { sharedBudgets = [] } = context;
  const shared = sharedBudgets.map((budget) => ({
    ...budget,
    whose: budget.category === null ? 'the organisation' : `the category "${budget.category}"`,
  }));
  return [{ ...context, whose: 'the agent' }, ...shared];
}

function limitGuard(
  name: Guard['name'],
  whose: string,
  window: { readonly limit: string | null; readonly spent: string; readonly held: string },
  amount: bigint,
  { baseCurrency, baseExponent }: DecisionContext,
  found: Guard[],
): void {
  const limit = window.limit === null ? null : BigInt(window.limit);
  const budget = { spent: BigInt(window.spent), held: BigInt(window.held) };
  if (limit === null || !wouldExceed(limit, budget, amount)) return;
  const text = (minor: bigint) => formatAmount(minor, baseExponent);
  const used = `${text(budget.spent)} is spent and ${text(budget.held)} held of ${text(limit)} ${baseCurrency}`;
  found.push({ name, verdict: 'deny', reason: `${name} of ${whose}: ${used}; ${text(amount)} was asked` });
}

export function suspendedGuard(): Guard {
  return { name: GUARDS.suspended, verdict: 'deny', reason: `${GUARDS.suspended}: the agent may not spend` };
}

export function missingRateGuard(currency: string, baseCurrency: string): Guard {
  const reason = `${GUARDS.missingRate}: no current rate from ${currency} to ${baseCurrency} is known`;
  return { name: GUARDS.missingRate, verdict: 'require_approval', reason };
}

export function openApprovalsGuard(count: number): Guard {
  const reason = `${GUARDS.openApprovals}: ${count} intents of the agent already wait for an answer`;
  return { name: GUARDS.openApprovals, verdict: 'deny', reason };
}

export function undecidableGuard(cause: string): Guard {
  return { name: GUARDS.undecidable, verdict: 'deny', reason: `${GUARDS.undecidable}: ${cause}` };
}
