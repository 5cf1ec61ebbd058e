import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { startTestGateway, type Tenant, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let tenant: Tenant;
let stranger: Tenant;

beforeAll(async () => {
  gateway = await startTestGateway();
  tenant = await gateway.createTenant();
  stranger = await gateway.createTenant();
});
afterAll(() => gateway.stop());

const spend = () => ({ agentId: tenant.agentId, amount: 5000, currency: 'INR', reason: 'Cloud compute' });

async function stored(): Promise<{ intents: number; events: number }> {
  return gateway.db.read(ALL_ORGANIZATIONS, async (tx) => {
    const { rows } = await tx.query<{ intents: bigint; events: bigint }>(
      `SELECT (SELECT count(*) FROM intents) AS intents,
              (SELECT count(*) FROM outbox WHERE topic = 'aegis.intents') AS events`,
    );
    return { intents: Number(rows[0]?.intents), events: Number(rows[0]?.events) };
  });
}

describe('a submission', () => {
  test('is accepted with exactly the documented answer, and can be read at its location', async () => {
    const answer = await api(gateway.url, 'POST /v1/intents', { token: tenant.agentKey, body: spend() });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^int_[0-9a-f]{32}$/),
      status: 'pending',
      amount: 5000,
      currency: 'INR',
      policyDecision: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(answer.headers.get('location')).toBe(`/v1/intents/${answer.body['id']}`);
    expect(answer.headers.get('ratelimit-remaining')).toMatch(/^\d+$/);
    const read = await api(gateway.url, `GET ${answer.headers.get('location')}`, { token: tenant.agentKey });
    expect(read.body).toMatchObject({ ...answer.body, confidence: 1, merchant: null, approvals: [] });
  });

  test('keeps everything it says, to the letter', async () => {
    const metadata = { 'a "quoted" \\ key': [1, { b: null, c: 'ü😀' }], 'x,y': '{}', n: 1.5 };
    const body = {
      ...spend(),
      amount: 0.07,
      confidence: 0.25,
      merchant: 'AWS {eu}',
      merchantCategory: '5734',
      metadata,
    };
    const { body: submitted } = await api(gateway.url, 'POST /v1/intents', { token: tenant.agentKey, body });
    const read = await api(gateway.url, `GET /v1/intents/${submitted['id']}`, { token: tenant.agentKey });
    expect(read.body).toMatchObject(body);
  });

  test('becomes an event that policy can read, caused by whoever submitted', async () => {
    const received: { value: string; headers: Readonly<Record<string, string>> }[] = [];
    const subscription = await gateway.bus.subscribe({
      group: 'test-submitted',
      topics: ['aegis.intents'],
      handle: async (batch) => void received.push(...batch),
    });
    const { body } = await api(gateway.url, 'POST /v1/intents', {
      token: tenant.agentKey,
      body: { ...spend(), amount: 12.5 },
    });
    await expect.poll(() => received.map((message) => message.headers['ce_subject'])).toContain(body['id']);
    await subscription.stop();
    const message = received.find(({ headers }) => headers['ce_subject'] === body['id']);
    expect(JSON.parse(message?.value ?? '')).toMatchObject({
      agentId: tenant.agentId,
      money: { amountMinor: '1250', currency: 'INR', exponent: 2 },
      confidence: '1',
      createdAt: body['createdAt'],
      submitter: { type: 'agent', authMethod: 'api_key' },
    });
    expect(message?.headers['ce_org']).toBe(tenant.organizationId);
  });

  test('by a person, or by a back end that may submit for any agent, is accepted', async () => {
    for (const token of [tenant.owner, tenant.backendKey]) {
      const { status } = await api(gateway.url, 'POST /v1/intents', { token, body: spend() });
      expect(status).toBe(202);
    }
  });

  test('works right after the agent was created, without asking the service that owns agents', async () => {
    const created = await api(gateway.url, 'POST /v1/agents', { token: tenant.owner, body: { name: 'Fresh' } });
    const before = gateway.services.policy.lookUps();
    const body = { ...spend(), agentId: created.body['id'] };
    const { status } = await api(gateway.url, 'POST /v1/intents', { token: tenant.backendKey, body });
    expect(status).toBe(202);
    expect(gateway.services.policy.lookUps()).toBe(before);
  });
});

describe('a refused submission says why and stores nothing', () => {
  const deep = `{"a":`.repeat(1000) + '1' + '}'.repeat(1000);
  const valid = () => JSON.stringify(spend()).slice(0, -1);
  const cases: [name: string, text: () => string, status: number, code: string, path?: string][] = [
    ['an unknown field', () => `${valid()},"orgId":"x"}`, 400, 'invalid_request', 'orgId'],
    ['a status of its own', () => `${valid()},"status":"approved"}`, 400, 'invalid_request', 'status'],
    ['an amount that is text', () => JSON.stringify({ ...spend(), amount: '5000' }), 400, 'invalid_request', 'amount'],
    ['an amount beyond numbers', () => valid().replace('5000', '1e309') + '}', 400, 'invalid_request', 'amount'],
    ['an amount that is NaN', () => valid().replace('5000', 'NaN') + '}', 400, 'malformed_json'],
    ['no amount', () => JSON.stringify({ ...spend(), amount: undefined }), 400, 'invalid_request', 'amount'],
    ['a null merchant', () => `${valid()},"merchant":null}`, 400, 'invalid_request', 'merchant'],
    ['an empty reason', () => JSON.stringify({ ...spend(), reason: '' }), 400, 'invalid_request', 'reason'],
    [
      'an endless reason',
      () => JSON.stringify({ ...spend(), reason: 'x'.repeat(2001) }),
      400,
      'invalid_request',
      'reason',
    ],
    ['a confidence above one', () => `${valid()},"confidence":1.01}`, 400, 'invalid_request', 'confidence'],
    [
      'an agent that is no UUID',
      () => JSON.stringify({ ...spend(), agentId: '42' }),
      400,
      'invalid_request',
      'agentId',
    ],
    ['a list', () => `[${valid()}}]`, 400, 'invalid_request'],
    ['no body', () => '', 400, 'malformed_json'],
    ['a body cut short', () => valid(), 400, 'malformed_json'],
    ['one name twice', () => `${valid()},"amount":1}`, 400, 'invalid_request'],
    ['metadata that is a list', () => `${valid()},"metadata":[]}`, 400, 'invalid_request', 'metadata'],
    [
      'metadata over 16 KiB',
      () => `${valid()},"metadata":{"a":"${'x'.repeat(16_400)}"}}`,
      400,
      'invalid_request',
      'metadata',
    ],
    ['a body of a megabyte', () => `${valid()},"metadata":{"a":"${'x'.repeat(1_000_000)}"}}`, 413, 'payload_too_large'],
    ['a body a thousand levels deep', () => `${valid()},"metadata":${deep}}`, 400, 'invalid_request'],
    ['a prototype in metadata', () => `${valid()},"metadata":{"__proto__":{"a":1}}}`, 400, 'invalid_request'],
    ['a prototype as a field', () => `${valid()},"__proto__":{"a":1}}`, 400, 'invalid_request'],
    ['a NUL character', () => `${valid()},"merchant":"a\\u0000"}`, 400, 'invalid_request', 'merchant'],
    ['a negative amount', () => JSON.stringify({ ...spend(), amount: -1 }), 422, 'amount_not_positive', 'amount'],
    ['an amount of zero', () => JSON.stringify({ ...spend(), amount: 0 }), 422, 'amount_not_positive', 'amount'],
    [
      'half a yen',
      () => JSON.stringify({ ...spend(), amount: 0.5, currency: 'JPY' }),
      422,
      'amount_decimals',
      'amount',
    ],
    ['a third decimal', () => valid().replace('5000', '1.005') + '}', 422, 'amount_decimals', 'amount'],
    [
      'an amount that a float would round',
      () => valid().replace('5000', '1.0000000000000001') + '}',
      422,
      'amount_too_precise',
      'amount',
    ],
    [
      'a currency nobody knows',
      () => JSON.stringify({ ...spend(), currency: 'ZZZ' }),
      422,
      'unknown_currency',
      'currency',
    ],
    [
      'a currency in lower case',
      () => JSON.stringify({ ...spend(), currency: 'inr' }),
      422,
      'unknown_currency',
      'currency',
    ],
  ];

  test.each(cases)('%s', async (_name, text, status, code, path) => {
    const before = await stored();
    const answer = await api(gateway.url, 'POST /v1/intents', { token: tenant.agentKey, text: text() });
    expect(answer).toMatchObject({ status, body: { code, status, requestId: expect.any(String) } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    if (path !== undefined) {
      expect(answer.body['errors']).toContainEqual({ path, message: expect.any(String) });
    }
    expect((await stored()).intents).toBe(before.intents);
  });

  test('an unknown field is told which are allowed', async () => {
    const answer = await api(gateway.url, 'POST /v1/intents', {
      token: tenant.agentKey,
      body: { ...spend(), orgId: 'x' },
    });
    expect(JSON.stringify(answer.body)).toContain('agentId, amount, currency, reason');
  });

  test("an unknown agent and another organisation's are refused alike", async () => {
    const before = await stored();
    const refusals = [];
    for (const agentId of [stranger.agentId, '00000000-0000-4000-8000-000000000000']) {
      const { status, body } = await api(gateway.url, 'POST /v1/intents', {
        token: tenant.backendKey,
        body: { ...spend(), agentId },
      });
      refusals.push({ status, ...body, requestId: null });
    }
    expect(refusals[0]).toEqual(refusals[1]);
    expect(refusals[0]).toMatchObject({ status: 422, code: 'unknown_agent' });
    expect(await stored()).toEqual(before);
  });

  test('a key bound to an agent submits for that one only', async () => {
    const body = { ...spend(), agentId: stranger.agentId };
    const answer = await api(gateway.url, 'POST /v1/intents', { token: tenant.agentKey, body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  test('a body of another type, and no credentials', async () => {
    const form = {
      token: tenant.agentKey,
      text: 'amount=1',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    expect(await api(gateway.url, 'POST /v1/intents', form)).toMatchObject({ status: 415 });
    const anonymous = await api(gateway.url, 'POST /v1/intents', { body: spend() });
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });
});
