import { describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;
const path = () => `/v1/agents/${shared.tenant.agentId}/wallet/transactions`;

describe('wallets', () => {
  test('take transactions once each, under one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'one-top-up' };
    const body = { type: 'top_up', amount: 99.5, reference: 'transfer 1' };
    const send = () => api(shared.gateway.url, `POST ${path()}`, { token: shared.tenant.owner, body, headers });
    const [first, second] = [await send(), await send()];
    expect(first).toMatchObject({
      status: 201,
      body: { type: 'top_up', amount: 99.5, held: 0, currency: 'INR', reference: 'transfer 1', intentId: null },
    });
    expect(first.body['lines']).toEqual([
      { account: 'available', amount: 99.5 },
      { account: 'external', amount: -99.5 },
    ]);
    expect(second.body).toEqual(first.body);
  });

  test.each([
    [{ type: 'capture', amount: 1 }],
    [{ type: 'top_up' }],
    [{ type: 'top_up', amount: 1, balance: 5 }],
    [{ type: 'top_up', amount: '1' }],
    [{ type: 'top_up', amount: 1, reference: '' }],
  ])('refuse %j', async (body) => {
    expect((await call(`POST ${path()}`, body)).status).toBe(400);
  });

  test('are moved by wallets:write alone, and an agent sees only its own', async () => {
    const body = { type: 'top_up', amount: 1 };
    expect((await call(`POST ${path()}`, body, shared.tenant.agentKey)).status).toBe(403);
    expect((await call(`POST ${path()}`, body, shared.tenant.backendKey)).status).toBe(403);
    expect((await call(`GET ${path()}`, undefined, shared.tenant.agentKey)).status).toBe(200);
    const other = await call('POST /v1/agents', { name: 'Other' });
    const theirs = `GET /v1/agents/${String(other.body['id'])}/wallet/transactions`;
    expect((await call(theirs, undefined, shared.tenant.agentKey)).status).toBe(404);
    expect((await call(theirs)).body).toMatchObject({ data: [], pagination: { limit: 20, total: 0 } });
  });

  test('are checked by those who may read the audit log', async () => {
    expect((await call('GET /v1/ledger/check')).body).toEqual({ ok: true, compared: 3, differences: [] });
    expect((await call('GET /v1/ledger/check', undefined, shared.tenant.agentKey)).status).toBe(403);
  });
});

describe('budgets that agents share', () => {
  test('are put as a whole list and shown with what remains', async () => {
    const put = await call('PUT /v1/budgets', {
      budgets: [{ monthlyLimit: 500 }, { category: 'Travel', dailyLimit: 0.1 }],
    });
    expect(put.body).toMatchObject({
      currency: 'INR',
      data: [
        { category: null, daily: { limit: null, remaining: null }, monthly: { limit: 500, remaining: 500 } },
        { category: 'Travel', daily: { limit: 0.1, spent: 0, held: 0, remaining: 0.1 } },
      ],
    });
    expect((await call('GET /v1/budgets')).status).toBe(200);
  });

  test.each([
    [{}],
    [{ budgets: [{ dailyLimit: -1 }] }],
    [{ budgets: [{ scope: 'organization' }] }],
    [{ budgets: [{ category: '' }] }],
    [{ budgets: Array.from({ length: 201 }, () => ({})) }],
  ])('refuse %j', async (body) => {
    expect((await call('PUT /v1/budgets', body)).status).toBe(400);
  });

  test('are for those who may write policies', async () => {
    expect((await call('PUT /v1/budgets', { budgets: [] }, shared.tenant.agentKey)).status).toBe(403);
    expect((await call('GET /v1/budgets', undefined, shared.tenant.agentKey)).status).toBe(403);
  });
});
