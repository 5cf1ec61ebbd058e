import { describe, expect, test } from 'vitest';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;

describe('analytics', () => {
  test('says what was spent, and the change from the period before', async () => {
    expect((await call('GET /v1/analytics/spend?days=7')).body).toMatchObject({
      currency: 'INR',
      total: 150,
      intentCount: 6,
      breakdown: {
        approved: { count: 3, amount: 150 },
        denied: { count: 1, amount: 9 },
        pending: { count: 1, amount: 1 },
        pendingApproval: { count: 1, amount: 500 },
      },
      trend: { previousTotal: 100, changePercent: 50 },
      byCurrency: [{ currency: 'INR', total: 150 }],
    });
    const none = await call(`GET /v1/analytics/spend?agentId=${shared.tenant.agentId}`);
    expect(none.body['trend']).toEqual({ previousTotal: 0, changePercent: null });
    expect(await call('GET /v1/analytics/spend?days=0')).toMatchObject({ status: 400 });
  });

  test('says how long people took, and null where nobody did', async () => {
    expect((await call('GET /v1/analytics/approvals')).body).toMatchObject({
      averageSeconds: 12.5,
      minimumSeconds: 1,
      maximumSeconds: null,
      responded: 2,
      approved: 1,
      rejected: 1,
    });
  });
});
