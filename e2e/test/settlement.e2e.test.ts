import { describe, expect, it } from 'vitest';
import { clientWith, newAgent, personClient, submitDecided, uniqueMerchant, untilAnswer } from '../src/client.ts';

/** A key that may confirm payments and nothing else. */
async function paymentTool() {
  const admin = await personClient('admin');
  const key = await admin.post('/v1/api-keys', { name: 'payment tool', scopes: ['intents:settle'] });
  return clientWith(key.body.secret);
}

describe('an intent that has to be settled', () => {
  it('holds its amount with the tolerance, then spends what was paid and frees the rest', async () => {
    const agent = await newAgent({ dailyLimit: 100, settlement: 'required', settlementTolerancePercent: 10 });
    const intent = await submitDecided(agent, { amount: 50 });
    const budget = `/v1/agents/${agent.id}/budget`;
    expect((await agent.client.get(budget)).body.daily).toMatchObject({ spent: 0, held: 55, remaining: 45 });

    const own = await agent.client.post(`/v1/intents/${intent.id}/settle`, {
      amount: 20,
      reference: 'first',
      final: false,
    });
    expect(own.status).toBe(200);
    await untilAnswer(agent.client, budget, ({ body }) => body.daily.spent === 20 && body.daily.held === 35);

    const tool = await paymentTool();
    await tool.post(`/v1/intents/${intent.id}/settle`, { amount: 32.5, reference: 'second' });
    await untilAnswer(agent.client, budget, ({ body }) => body.daily.spent === 52.5 && body.daily.held === 0);
    const read = await agent.client.get(`/v1/intents/${intent.id}`);
    expect(read.body.settlement).toMatchObject({ captured: 52.5, final: true, confirmed: true });
  });

  it('suspends the agent when a payment tool tells of more', async () => {
    const agent = await newAgent({ settlement: 'required' });
    const intent = await submitDecided(agent, { amount: 50 });
    const tool = await paymentTool();
    await tool.post(`/v1/intents/${intent.id}/settle`, { amount: 50.01, reference: 'over' });
    await untilAnswer(agent.client, `/v1/agents/${agent.id}`, ({ body }) => body.status === 'suspended');
    expect((await submitDecided(agent)).matchedPolicy).toBe('Agent Suspended');
  });
});

describe('a cancellation', () => {
  it('withdraws what waits for an approval, and everybody sees it denied', async () => {
    const admin = await personClient('admin');
    const merchant = uniqueMerchant();
    await admin.post('/v1/policies', {
      name: 'Ask about this merchant',
      priority: 500,
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'merchant', operator: 'eq', value: merchant }] },
    });
    const agent = await newAgent({ dailyLimit: 100 });
    const intent = await submitDecided(agent, { amount: 50, merchant });
    expect(intent.status).toBe('pending_approval');
    const cancelled = await agent.client.post(`/v1/intents/${intent.id}/cancel`);
    expect(cancelled.body).toMatchObject({ status: 'denied', settlement: { cancellation: { confirmedBy: null } } });
    expect((await agent.client.get(`/v1/agents/${agent.id}/budget`)).body.daily).toMatchObject({ spent: 0, held: 0 });
    await untilAnswer(
      agent.client,
      `/v1/intents/${intent.id}`,
      ({ body }) => body.approvals[0]?.status === 'withdrawn',
    );
  });

  it('of an approved intent frees nothing on the agent’s own word, so that it cannot spend for ever', async () => {
    const agent = await newAgent({ dailyLimit: 100 });
    const first = await submitDecided(agent, { amount: 100 });
    await agent.client.post(`/v1/intents/${first.id}/cancel`);
    await agent.client.post(`/v1/intents/${first.id}/cancel`);
    expect((await submitDecided(agent, { amount: 100 })).matchedPolicy).toBe('Daily Limit');
    await (await paymentTool()).post(`/v1/intents/${first.id}/cancel`);
    await untilAnswer(agent.client, `/v1/agents/${agent.id}/budget`, ({ body }) => body.daily.spent === 0);
    expect((await submitDecided(agent, { amount: 100 })).status).toBe('approved');
  });
});

describe('budgets that agents share', () => {
  it('bind them by category and say when the windows end', async () => {
    const admin = await personClient('admin');
    const category = uniqueMerchant();
    const put = await admin.raw('PUT', '/v1/budgets', JSON.stringify({ budgets: [{ category, dailyLimit: 100 }] }));
    expect(put.status).toBe(200);
    const agents = [await newAgent(), await newAgent()] as const;
    const spend = (agent: (typeof agents)[number]) =>
      submitDecided(agent, { amount: 60, merchantCategory: category.toUpperCase() });
    expect((await spend(agents[0])).status).toBe('approved');
    const denied = await spend(agents[1]);
    expect(denied).toMatchObject({ status: 'denied', matchedPolicy: 'Daily Limit' });
    expect(denied.reasons[0]).toContain(`the category "${category}"`);
    const { body } = await admin.get('/v1/budgets');
    expect(body.data[0]).toMatchObject({ category, daily: { limit: 100, spent: 60, remaining: 40 } });
    expect(Date.parse(body.data[0].daily.endsAt)).toBeGreaterThan(Date.now());
    await admin.raw('PUT', '/v1/budgets', JSON.stringify({ budgets: [] }));
  });
});

describe('an enforced wallet', () => {
  it('pays as long as there is something in it, and adds up with the budgets', async () => {
    const admin = await personClient('admin');
    const agent = await newAgent({ walletMode: 'enforced' });
    expect((await submitDecided(agent, { amount: 1 })).matchedPolicy).toBe('Insufficient Wallet Balance');
    const transactions = `/v1/agents/${agent.id}/wallet/transactions`;
    expect((await admin.post(transactions, { type: 'top_up', amount: 30.5 })).status).toBe(201);
    expect((await submitDecided(agent, { amount: 30 })).status).toBe('approved');
    expect((await submitDecided(agent, { amount: 0.51 })).matchedPolicy).toBe('Insufficient Wallet Balance');
    expect((await admin.post(transactions, { type: 'withdrawal', amount: 0.51 })).status).toBe(409);
    expect((await agent.client.get(`/v1/agents/${agent.id}`)).body).toMatchObject({
      walletBalance: 0.5,
      walletHeld: 0,
    });
    const page = await agent.client.get(`${transactions}?limit=1`);
    expect(page.body).toMatchObject({
      data: [{ type: 'capture', amount: -30 }],
      pagination: { total: 2, hasMore: true },
    });
    const next = await agent.client.get(`${transactions}?limit=1&cursor=${page.body.pagination.nextCursor}`);
    expect(next.body).toMatchObject({ data: [{ type: 'top_up', amount: 30.5 }], pagination: { hasMore: false } });
    expect((await admin.get('/v1/ledger/check')).body).toMatchObject({ ok: true, differences: [] });
  });
});
