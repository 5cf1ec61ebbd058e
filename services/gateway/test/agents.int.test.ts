import { describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;

describe('agents', () => {
  test('are created, read, changed, suspended and resumed, with limits as exact numbers', async () => {
    const created = await call('POST /v1/agents', {
      name: 'Buyer',
      riskLevel: 'high',
      dailyLimit: 1500.5,
      monthlyLimit: 9000,
    });
    expect(created.status).toBe(201);
    const path = `/v1/agents/${created.body['id']}`;
    expect(created.headers.get('location')).toBe(path);
    expect(created.body).toMatchObject({
      name: 'Buyer',
      description: null,
      riskLevel: 'high',
      status: 'active',
      walletBalance: 0,
      currency: 'INR',
      dailyLimit: 1500.5,
      monthlyLimit: 9000,
      spentToday: 10.5,
      heldToday: 9.5,
      remaining: 1480.5,
    });
    const lifted = await call(`PATCH ${path}`, { dailyLimit: null, name: 'Buyer 2' });
    expect(lifted.body).toMatchObject({ name: 'Buyer 2', dailyLimit: null, monthlyLimit: 9000 });
    expect((await call(`POST ${path}/suspend`)).body).toMatchObject({ status: 'suspended' });
    expect((await call(`POST ${path}/resume`)).body).toMatchObject({ status: 'active' });
    expect((await call(`GET ${path}/budget`)).body).toEqual({
      agentId: created.body['id'],
      currency: 'INR',
      daily: { limit: null, spent: 10.5, held: 9.5, remaining: null, endsAt: '2026-03-05T18:30:00.000Z' },
      monthly: { limit: 9000, spent: 20, held: 9.5, remaining: 8970.5, endsAt: '2026-03-31T18:30:00.000Z' },
      remaining: 8970.5,
    });
    const list = await call('GET /v1/agents');
    expect(list.body['pagination']).toEqual({ limit: 2, offset: 0, total: 2, hasMore: false, nextCursor: null });
  });

  test('are created once under one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'one-agent' };
    const send = () =>
      api(shared.gateway.url, 'POST /v1/agents', { token: shared.tenant.owner, body: { name: 'Once' }, headers });
    const [first, second] = [await send(), await send()];
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  test('refuse limits that the base currency cannot hold, negative ones and unknown fields', async () => {
    expect(await call('POST /v1/agents', { name: 'x', dailyLimit: 1.005 })).toMatchObject({ status: 422 });
    expect(await call('POST /v1/agents', { name: 'x', dailyLimit: -1 })).toMatchObject({ status: 400 });
    expect(await call('POST /v1/agents', { name: 'x', walletBalance: 5 })).toMatchObject({ status: 400 });
    expect(await call('POST /v1/agents', {})).toMatchObject({ status: 400 });
  });

  test('are seen by their own key only as far as they are its own', async () => {
    const { body } = await call('POST /v1/agents', { name: 'Other' });
    expect((await call('GET /v1/agents', undefined, shared.tenant.agentKey)).body['data']).toMatchObject([
      { id: shared.tenant.agentId },
    ]);
    expect(
      await call(`GET /v1/agents/${shared.tenant.agentId}/budget`, undefined, shared.tenant.agentKey),
    ).toMatchObject({
      status: 200,
    });
    expect(await call(`GET /v1/agents/${body['id']}`, undefined, shared.tenant.agentKey)).toMatchObject({
      status: 404,
    });
    expect(await call('POST /v1/agents', { name: 'x' }, shared.tenant.agentKey)).toMatchObject({ status: 403 });
  });

  test('of another organisation are as if they did not exist, for every method', async () => {
    const { owner } = await shared.gateway.createTenant();
    const path = `/v1/agents/${shared.tenant.agentId}`;
    const missing = '/v1/agents/00000000-0000-4000-8000-000000000000';
    for (const route of ['GET *', 'GET */budget', 'PATCH *', 'POST */suspend', 'POST */resume']) {
      const body = route.startsWith('PATCH') ? { name: 'x' } : undefined;
      const foreign = await call(route.replace('*', path), body, owner);
      const absent = await call(route.replace('*', missing), body, owner);
      expect(foreign.status).toBe(404);
      expect(Object.keys(foreign.body)).toEqual(Object.keys(absent.body));
    }
  });
});
