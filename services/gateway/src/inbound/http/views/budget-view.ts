import type { SharedBudgets } from '@aegis/contracts/http/budgets';
import { amountAsNumber } from '@aegis/contracts/money';
import type { BudgetWindow as WindowMessage } from '@aegis/grpc/generated/aegis/policy/v1/BudgetWindow';
import type { ListBudgetsResponse } from '@aegis/grpc/generated/aegis/policy/v1/ListBudgetsResponse';
import { type BudgetWindow, remainingIn } from '../../../domain/budget.ts';

/** A window in the numbers of the API. */
export function windowView(window: BudgetWindow, exponent: number, endsAt: string) {
  const number = (minor: bigint | null) => (minor === null ? null : amountAsNumber(minor, exponent));
  return {
    limit: number(window.limit),
    spent: amountAsNumber(window.spent, exponent),
    held: amountAsNumber(window.held, exponent),
    remaining: number(remainingIn(window)),
    endsAt,
  };
}

export function sharedBudgetsView({ budgets, currency }: ListBudgetsResponse): SharedBudgets {
  return {
    currency,
    data: budgets.map(({ category, daily, monthly, since }) => ({
      category: category ?? null,
      daily: messageView(daily),
      monthly: messageView(monthly),
      since,
    })),
  };
}

function messageView(message: WindowMessage | null) {
  if (!message?.spent || !message.held) throw new TypeError('a window is missing from an answer');
  const { limit, spent, held, endsAt } = message;
  const window = {
    limit: limit ? BigInt(limit.amountMinor) : null,
    spent: BigInt(spent.amountMinor),
    held: BigInt(held.amountMinor),
  };
  return windowView(window, spent.exponent, endsAt);
}
