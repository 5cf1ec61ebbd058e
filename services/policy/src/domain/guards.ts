import type { DecisionContext } from '@aegis/contracts/events/intents';
import { formatAmount } from '@aegis/contracts/money';
import { wouldExceed } from './budget.ts';

/** What no policy can lift; the names are what people read in `matchedPolicy`. */
export const GUARDS = {
  suspended: 'Agent Suspended',
  dailyLimit: 'Daily Limit',
  monthlyLimit: 'Monthly Limit',
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
  if (context.amountBaseMinor === null) {
    found.push(missingRateGuard(currency, context.baseCurrency));
    return found;
  }
  const amount = BigInt(context.amountBaseMinor);
  const { dailyLimitMinor, dailySpentMinor, dailyHeldMinor } = context;
  const { monthlyLimitMinor, monthlySpentMinor, monthlyHeldMinor } = context;
  const windows = [
    { name: GUARDS.dailyLimit, limit: dailyLimitMinor, spent: dailySpentMinor, held: dailyHeldMinor },
    { name: GUARDS.monthlyLimit, limit: monthlyLimitMinor, spent: monthlySpentMinor, held: monthlyHeldMinor },
  ] as const;
  for (const { name, limit, spent, held } of windows) {
    const budget = { spent: BigInt(spent), held: BigInt(held) };
    if (limit === null || !wouldExceed(BigInt(limit), budget, amount)) continue;
    const text = (minor: bigint) => formatAmount(minor, context.baseExponent);
    const used = `${text(budget.spent)} is spent and ${text(budget.held)} held of ${text(BigInt(limit))}`;
    found.push({
      name,
      verdict: 'deny',
      reason: `${name}: ${used} ${context.baseCurrency}; ${text(amount)} was asked`,
    });
  }
  return found;
}

export function suspendedGuard(): Guard {
  return { name: GUARDS.suspended, verdict: 'deny', reason: `${GUARDS.suspended}: the agent may not spend` };
}

export function missingRateGuard(currency: string, baseCurrency: string): Guard {
  const reason = `${GUARDS.missingRate}: no rate from ${currency} to ${baseCurrency} is known`;
  return { name: GUARDS.missingRate, verdict: 'require_approval', reason };
}

export function openApprovalsGuard(count: number): Guard {
  const reason = `${GUARDS.openApprovals}: ${count} intents of the agent already wait for an answer`;
  return { name: GUARDS.openApprovals, verdict: 'deny', reason };
}

export function undecidableGuard(cause: string): Guard {
  return { name: GUARDS.undecidable, verdict: 'deny', reason: `${GUARDS.undecidable}: ${cause}` };
}
