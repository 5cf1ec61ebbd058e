import { eventually } from '@aegis/testkit/eventually';
import { decodeEvent } from '@aegis/contracts/events/envelope';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { decidedEvent } from './support/decided-event.ts';
import { startTestGateway, type Tenant, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let tenant: Tenant;
let tool: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  tenant = await gateway.createTenant();
  const key = { name: 'payment tool', scopes: ['intents:settle'] };
  const made = await api<{ secret: string }>(gateway.url, 'POST /v1/api-keys', { token: tenant.owner, body: key });
  tool = made.body.secret;
});
afterAll(() => gateway.stop());

async function intentThatIs(outcome: 'approved' | 'denied' | 'pending_approval'): Promise<string> {
  const body = { agentId: tenant.agentId, amount: 5000, currency: 'INR', reason: 'x' };
  const { id } = (await api<{ id: string }>(gateway.url, 'POST /v1/intents', { token: tenant.agentKey, body })).body;
  const { organizationId, agentId } = tenant;
  await gateway.bus.publish([decidedEvent({ organizationId, agentId, intentId: id, outcome })]);
  await eventually(async () => expect((await read(id))['status']).toBe(outcome));
  return id;
}

async function read(id: string): Promise<Record<string, unknown>> {
  return (await api(gateway.url, `GET /v1/intents/${id}`, { token: tenant.agentKey })).body;
}

const settle = (id: string, body: object, token = tenant.agentKey) =>
  api(gateway.url, `POST /v1/intents/${id}/settle`, { token, body });
const cancel = (id: string, token = tenant.agentKey) => api(gateway.url, `POST /v1/intents/${id}/cancel`, { token });

/** The intent's settlement events so far. */
async function told(id: string): Promise<Record<string, unknown>[]> {
  const seen: Record<string, unknown>[] = [];
  const subscription = await gateway.bus.subscribe({
    group: `told-${id}`,
    topics: ['aegis.intents'],
    handle: async (batch) => {
      for (const delivery of batch) {
        const event = decodeEvent(delivery);
        if (event?.subject === id && event.type !== 'intent.submitted') seen.push({ type: event.type, ...event.data });
      }
    },
  });
  await eventually(() => expect(subscription.health()).toMatchObject({ ready: true, lag: 0 }));
  await subscription.stop();
  return seen;
}

describe('settling', () => {
  test('adds captures up by their references, once each, and tells of them in order', async () => {
    const id = await intentThatIs('approved');
    const part = { amount: 1999.5, reference: 'a', final: false };
    expect((await settle(id, part)).body).toMatchObject({ settlement: { captured: 1999.5, final: false } });
    expect((await settle(id, part)).status).toBe(200);
    expect((await settle(id, { ...part, amount: 1 })).status).toBe(409);
    expect((await settle(id, { amount: 3000.5, reference: 'b' }, tool)).body).toMatchObject({
      status: 'approved',
      settlement: {
        captured: 5000,
        final: true,
        confirmed: true,
        captures: [
          { reference: 'a', amount: 1999.5, final: false, confirmedBy: null },
          { reference: 'b', amount: 3000.5, final: true, confirmedBy: expect.stringMatching(/^key_/) },
        ],
        cancellation: null,
      },
    });
    expect((await settle(id, { amount: 1, reference: 'c' })).status).toBe(409);
    expect((await cancel(id)).status).toBe(409);
    expect(await read(id)).toMatchObject({ settlement: { captured: 5000 } });
    await eventually(async () =>
      expect(await told(id)).toMatchObject([
        { type: 'intent.settled', reference: 'a', money: { amountMinor: '199950' }, final: false, confirmedBy: null },
        { type: 'intent.settled', reference: 'b', final: true, confirmedBy: expect.stringMatching(/^key_/) },
      ]),
    );
  });

  test('of more than was approved takes somebody who may confirm it', async () => {
    const id = await intentThatIs('approved');
    const over = { amount: 5000.01, reference: 'x' };
    expect(await settle(id, over)).toMatchObject({ status: 422, body: { code: 'settlement_exceeds_approval' } });
    expect((await settle(id, over, tool)).status).toBe(200);
  });

  test.each([
    ['a negative amount', { amount: -1, reference: 'x' }, 422],
    ['more decimals than the currency has', { amount: 1.001, reference: 'x' }, 422],
    ['a rounded float', { amount: 1.0000000000000002, reference: 'x' }, 422],
    ['no reference', { amount: 1 }, 400],
    ['a blank reference', { amount: 1, reference: ' ' }, 400],
    ['an unknown field', { amount: 1, reference: 'x', confirmedBy: 'me' }, 400],
  ])('with %s is refused', async (_, body, status) => {
    expect((await settle(await intentThatIs('approved'), body)).status).toBe(status);
  });

  test('is for the intent’s own agent, its back end, and whoever may confirm', async () => {
    const id = await intentThatIs('approved');
    const other = await gateway.createTenant();
    const body = { amount: 1, reference: 'x', final: false };
    const agent = await api<{ id: string }>(gateway.url, 'POST /v1/agents', {
      token: tenant.owner,
      body: { name: 'B' },
    });
    const key = await api<{ secret: string }>(gateway.url, 'POST /v1/api-keys', {
      token: tenant.owner,
      body: { name: 'another agent', agentId: agent.body.id },
    });
    const reader = await api<{ secret: string }>(gateway.url, 'POST /v1/api-keys', {
      token: tenant.owner,
      body: { name: 'reader', scopes: ['intents:read'] },
    });
    expect((await settle(id, body, key.body.secret)).status).toBe(404);
    expect((await settle(id, body, other.owner)).status).toBe(404);
    expect((await settle(id, body, reader.body.secret)).status).toBe(403);
    expect((await cancel(id, reader.body.secret)).status).toBe(403);
    expect((await settle(id, body, tenant.backendKey)).status).toBe(200);
  });

  test('of the same reference at once is recorded once', async () => {
    const id = await intentThatIs('approved');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => settle(id, { amount: 3000, reference: `r${index % 2}` })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    await eventually(async () => expect(await told(id)).toHaveLength(1));
  });
});

describe('cancelling', () => {
  test.each(['approved', 'pending_approval'] as const)(
    'says of an intent that is %s that nothing will be paid',
    async (was) => {
      const id = await intentThatIs(was);
      const answer = await cancel(id);
      expect(answer).toMatchObject({
        status: 200,
        body: { settlement: { captured: 0, final: true, confirmed: false, cancellation: { confirmedBy: null } } },
      });
      expect((await cancel(id)).status).toBe(200);
      expect((await cancel(id, tool)).body).toMatchObject({ settlement: { confirmed: true } });
      await eventually(async () => expect(await told(id)).toMatchObject([{ confirmedBy: null }, { reference: null }]));
    },
  );

  test('is too late for what is denied', async () => {
    expect(await cancel(await intentThatIs('denied'))).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
  });
});
