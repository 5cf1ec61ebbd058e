import { approvalTimesQuery, approvalTimesSchema, spendQuery, spendSchema } from '@aegis/contracts/http/analytics';
import { type Route, route } from '@aegis/http/route';
import type { Clock } from '@aegis/runtime/clock';
import type { AnalyticsClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { approvalTimesView, spendView } from './views/analytics-view.ts';

export interface AnalyticsRoutesDeps {
  readonly analytics: Pick<AnalyticsClient, 'getSpend' | 'getApprovalTimes'>;
  readonly clock: Clock;
}

const tag = 'Analytics';

/** Aggregates over long windows take longer than look-ups. */
const TIMEOUT_MS = 10_000;

export function analyticsRoutes({ analytics, clock }: AnalyticsRoutesDeps): Route[] {
  const spend = route({
    method: 'get',
    path: '/v1/analytics/spend',
    operationId: 'getSpend',
    tag,
    summary: 'What was spent',
    description: 'Totals, counts by outcome and the change from the period before. An unknown agent has spent nothing.',
    access: 'analytics:read',
    query: spendQuery,
    responses: { 200: { description: 'Spend over the window.', schema: spendSchema } },
    async handle({ principal, query: { days, agentId }, signal }) {
      const request = { caller: callerOf(principal), days, until: clock.now().toISOString() };
      const filtered = agentId === undefined ? request : { ...request, agentId };
      return { status: 200, body: spendView(await analytics.getSpend(filtered, { timeoutMs: TIMEOUT_MS, signal })) };
    },
  });
  const approvals = route({
    method: 'get',
    path: '/v1/analytics/approvals',
    operationId: 'getApprovalTimes',
    tag,
    summary: 'How long people took',
    access: 'analytics:read',
    query: approvalTimesQuery,
    responses: { 200: { description: 'Times and counts over the window.', schema: approvalTimesSchema } },
    async handle({ principal, query: { days }, signal }) {
      const request = { caller: callerOf(principal), days, until: clock.now().toISOString() };
      const times = await analytics.getApprovalTimes(request, { timeoutMs: TIMEOUT_MS, signal });
      return { status: 200, body: approvalTimesView(times) };
    },
  });
  return [spend, approvals];
}
