import { analyticsService } from '@aegis/grpc/definitions';
import { bind, type BoundService } from '@aegis/grpc/server';

/** Answers with fixed figures. */
export function fakeAnalytics(): BoundService {
  const money = (amountMinor: string) => ({ amountMinor, currency: 'INR', exponent: 2 });
  const bucket = (count: string, amountMinor: string) => ({ count, amount: money(amountMinor) });
  return bind(analyticsService, {
    getSpend: async ({ until, agentId }) => ({
      total: money(agentId === undefined ? '15000' : '0'),
      intentCount: '6',
      approved: bucket('3', '15000'),
      denied: bucket('1', '900'),
      pending: bucket('1', '100'),
      pendingApproval: bucket('1', '50000'),
      previousTotal: money(agentId === undefined ? '10000' : '0'),
      byCurrency: [money('15000')],
      from: '2026-02-03T10:00:00.000Z',
      to: until,
    }),
    getApprovalTimes: async ({ until }) => ({
      averageSeconds: 12.5,
      minimumSeconds: 1,
      responded: '2',
      approved: '1',
      rejected: '1',
      expired: '0',
      from: '2026-02-03T10:00:00.000Z',
      to: until,
    }),
  });
}
