import type { DecisionContext } from '@aegis/contracts/events/intents';
import type { PolicyAction } from '@aegis/contracts/policy-rules';
import { type Account, budgetsOn, recordPayment } from './account.ts';
import { capture, hold, release, spend } from './budget.ts';

type Counted = Pick<DecisionContext, 'amountBaseMinor' | 'date'>;

/**
 * Counts a first answer: allowed is spent at once, asked is held until people answer, denied counts nothing. Without an
 * exchange rate nothing can be held, which is why such an intent is never approved later either.
 */
export function countDecision(account: Account, { amountBaseMinor, date }: Counted, decision: PolicyAction): void {
  if (decision === 'deny') return;
  if (decision === 'require_approval') account.openApprovals += 1;
  if (amountBaseMinor === null) return;
  const amount = BigInt(amountBaseMinor);
  const { daily, monthly } = budgetsOn(account, date);
  const count = decision === 'allow' ? spend : hold;
  count(daily, amount);
  count(monthly, amount);
  if (decision === 'allow') recordPayment(account, amount);
}

/** Counts what became of a request for approval, in the windows that hold the amount: those of the intent's creation. */
export function countResolution(account: Account, { amountBaseMinor, date }: Counted, approved: boolean): void {
  account.openApprovals -= 1;
  if (amountBaseMinor === null) return;
  const amount = BigInt(amountBaseMinor);
  const { daily, monthly } = budgetsOn(account, date);
  const count = approved ? capture : release;
  count(daily, amount);
  count(monthly, amount);
  if (approved) recordPayment(account, amount);
}
