import { describe, expect, it } from 'vitest';
import { type Json, newAgent, personClient, submitDecided, uniqueMerchant, untilAnswer } from '../src/client.ts';

describe('analytics', () => {
  it('agree to the penny with the intents they count', async () => {
    const admin = await personClient('admin');
    const merchant = uniqueMerchant();
    const conditions = [
      { field: 'merchant', operator: 'eq', value: merchant },
      { field: 'amount', operator: 'gt', value: 50 },
    ];
    await admin.post('/v1/policies', {
      name: 'Over fifty',
      priority: 60,
      action: 'require_approval',
      rules: { match: 'all', conditions },
    });
    const agent = await newAgent({ dailyLimit: 400 });
    const amounts = Array.from({ length: 40 }, (_, index) => ((index * 7919) % 6000) / 100 + 0.01);
    const intents: Json[] = await Promise.all(
      amounts.map((amount) => submitDecided(agent, { amount: Number(amount.toFixed(2)), merchant })),
    );
    const pence = (status: string) =>
      intents
        .filter((intent) => intent.status === status)
        .reduce((sum, { amount }) => sum + Math.round(amount * 100), 0);
    const count = (status: string) => intents.filter((intent) => intent.status === status).length;
    expect(count('denied')).toBeGreaterThan(0);
    expect(count('pending_approval')).toBeGreaterThan(0);

    const { body } = await untilAnswer(admin, `/v1/analytics/spend?days=1&agentId=${agent.id}`, (answer) => {
      const { approved, denied, pendingApproval } = answer.body.breakdown;
      return approved.count + denied.count + pendingApproval.count === 40;
    });
    expect(Math.round(body.total * 100)).toBe(pence('approved'));
    expect(body.intentCount).toBe(40);
    expect(body.breakdown).toMatchObject({
      approved: { count: count('approved') },
      denied: { count: count('denied') },
      pending: { count: 0 },
      pendingApproval: { count: count('pending_approval') },
    });
    expect(Math.round(body.breakdown.denied.amount * 100)).toBe(pence('denied'));
    expect(body.trend).toEqual({ previousTotal: 0, changePercent: null });
  });

  it('tell how long people took to answer', async () => {
    const admin = await personClient('admin');
    const before = (await admin.get('/v1/analytics/approvals?days=30')).body;
    const agent = await newAgent();
    // No exchange rate is known for dollars, so a person is asked.
    const { id } = await submitDecided(agent, { currency: 'USD' });
    const open = await untilAnswer(admin, '/v1/approvals', ({ body }) =>
      body.data.some((item: Json) => item.intent?.id === id),
    );
    const approval = open.body.data.find((item: Json) => item.intent?.id === id);
    await admin.post(`/v1/approvals/${approval.id}/respond`, { decision: 'reject' });
    const { body } = await untilAnswer(
      admin,
      '/v1/analytics/approvals?days=30',
      (answer) => answer.body.responded === before.responded + 1,
    );
    expect(body.rejected).toBe(before.rejected + 1);
    expect(body.approved).toBe(before.approved);
    expect(body.minimumSeconds).toBeGreaterThanOrEqual(0);
    expect(body.averageSeconds).toBeLessThanOrEqual(body.maximumSeconds);
  });

  it.each(['days=0', 'days=x', 'agentId=7'])('refuse %s', async (query) => {
    expect((await (await personClient('admin')).get(`/v1/analytics/spend?${query}`)).status).toBe(400);
  });
});
