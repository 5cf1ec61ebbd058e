import { putBudgetsBody, sharedBudgetsSchema } from '@aegis/contracts/http/budgets';
import { type Route, route } from '@aegis/http/route';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { sharedBudgetsView } from './views/budget-view.ts';

export interface BudgetRoutesDeps {
  readonly policy: Pick<PolicyClient, 'listBudgets' | 'putBudgets'>;
}

const tag = 'Budgets';
const answer = { description: 'All of them, at most 201.', schema: sharedBudgetsSchema };

export function budgetRoutes(deps: BudgetRoutesDeps): Route[] {
  return [listRoute(deps), putRoute(deps)];
}

function listRoute({ policy }: BudgetRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/budgets',
    operationId: 'listBudgets',
    tag,
    summary: 'Read the budgets that agents share',
    description: 'The organization’s own first, then those of merchant categories, with what is spent and held.',
    access: 'policies:read',
    responses: { 200: answer },
    async handle({ principal }) {
      return { status: 200, body: sharedBudgetsView(await policy.listBudgets({ caller: callerOf(principal) })) };
    },
  });
}

function putRoute({ policy }: BudgetRoutesDeps): Route {
  return route({
    method: 'put',
    path: '/v1/budgets',
    operationId: 'putBudgets',
    tag,
    summary: 'Set the budgets that agents share',
    description:
      'Replaces the whole list: a budget that is not named is taken away. A new one counts the current month from its beginning. Lower limits hold from the next decision on.',
    access: 'policies:write',
    body: putBudgetsBody,
    responses: {
      200: answer,
      422: { description: 'A limit has more decimals or digits than the base currency holds.' },
    },
    async handle({ principal, body }) {
      const budgets = body.budgets.map(({ category, dailyLimit, monthlyLimit }) => ({
        ...(category === null ? {} : { category }),
        ...(dailyLimit === null ? {} : { dailyLimit: String(dailyLimit) }),
        ...(monthlyLimit === null ? {} : { monthlyLimit: String(monthlyLimit) }),
      }));
      const answered = await policy.putBudgets({ caller: callerOf(principal), budgets });
      return { status: 200, body: sharedBudgetsView(answered) };
    },
  });
}
