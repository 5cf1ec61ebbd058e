import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  agentClient,
  type Client,
  clientWith,
  facts,
  type Json,
  type NewAgent,
  newAgent,
  type NewPerson,
  newPerson,
  personClient,
  submitDecided,
  uniqueMerchant,
  untilAnswer,
} from '../src/client.ts';

let admin: Client;
let agent: NewAgent;
const merchant = uniqueMerchant();

beforeAll(async () => {
  [admin, agent] = await Promise.all([personClient('admin'), newAgent({ dailyLimit: 1_000 })]);
  const policy = await admin.post('/v1/policies', {
    name: 'Ask finance',
    priority: 50,
    action: 'require_approval',
    rules: { match: 'all', conditions: [{ field: 'merchant', operator: 'eq', value: merchant }] },
  });
  expect(policy.status).toBe(201);
});

/** Whoever submits, for which agent. */
interface Asking {
  readonly by: Client;
  readonly agentId: string;
}

async function register(owner: Client): Promise<string> {
  const created = await owner.post('/v1/agents', { name: `asked ${randomUUID()}` });
  expect(created.status, created.text).toBe(201);
  return created.body.id;
}

async function keyOf(
  creator: Client,
  agentId: string | null,
  scopes = ['intents:write', 'intents:read'],
): Promise<Client> {
  const created = await creator.post('/v1/api-keys', { name: 'asking', ...(agentId && { agentId }), scopes });
  expect(created.status, created.text).toBe(201);
  return clientWith(created.body.secret);
}

/** An intent that a person is asked about, and the request. */
async function askFor({ by, agentId }: Asking): Promise<{ intentId: string; approval: Json }> {
  const body = { agentId, amount: 5, currency: 'GBP', reason: 'mine', merchant };
  const submitted = await by.post('/v1/intents', body, { prefer: 'wait=10' });
  expect(submitted.body).toMatchObject({ status: 'pending_approval' });
  return { intentId: submitted.body.id, approval: await requestFor(submitted.body.id) };
}

async function requestFor(intentId: string): Promise<Json> {
  const isIt = (open: Json) => open.intent?.id === intentId;
  const list = await untilAnswer(admin, '/v1/approvals', ({ body }) => body.data?.some(isIt));
  return list.body.data.find(isIt);
}

async function openRequest(fields: Record<string, unknown> = {}): Promise<{ intent: Json; approval: Json }> {
  const intent = await submitDecided(agent, { merchant, amount: 40, ...fields });
  expect(intent).toMatchObject({
    status: 'pending_approval',
    policyDecision: 'require_approval',
    matchedPolicy: 'Ask finance',
  });
  return { intent, approval: await requestFor(intent.id) };
}

describe('an approval', () => {
  it('is listed by expiry with the whole intent, and approving it approves the intent', async () => {
    const { intent, approval } = await openRequest();
    expect(approval).toMatchObject({
      id: expect.stringMatching(/^apr_/),
      status: 'open',
      intent: { id: intent.id, amount: 40, currency: 'GBP', merchant },
    });
    const { body: list } = await admin.get('/v1/approvals');
    const expiries = list.data.map(({ expiresAt }: Json) => expiresAt);
    expect(expiries).toEqual(expiries.toSorted());

    const held = await untilAnswer(admin, `/v1/agents/${agent.id}`, ({ body }) => body.heldToday === 40);
    const spentBefore = held.body.spentToday;
    const answer = await admin.post(`/v1/approvals/${approval.id}/respond`, {
      decision: 'approve',
      note: 'Within the plan',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: approval.id,
      status: 'approved',
      intent: { id: intent.id, status: 'approved' },
    });
    const after = await untilAnswer(admin, `/v1/agents/${agent.id}`, ({ body }) => body.heldToday === 0);
    expect(after.body.spentToday).toBe(spentBefore + 40);

    const again = await admin.post(`/v1/approvals/${approval.id}/respond`, { decision: 'reject' });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'wrong_state', detail: expect.stringContaining('approve') });
  });

  it('rejected denies the intent, frees the hold, and leaves the note in the audit log', async () => {
    const { intent, approval } = await openRequest({ amount: 60 });
    const note = `Too dear, see ${intent.id}`;
    const answer = await admin.post(`/v1/approvals/${approval.id}/respond`, { decision: 'reject', note });
    expect(answer.body).toMatchObject({ status: 'rejected', intent: { status: 'denied' } });
    await untilAnswer(admin, `/v1/agents/${agent.id}`, ({ body }) => body.heldToday === 0);
    const log = await untilAnswer(
      admin,
      `/v1/audit?intentId=${intent.id}&type=approval.responded`,
      ({ body }) => body.data.length === 1,
    );
    expect(log.body.data[0].data).toMatchObject({ decision: 'reject', note });

    const shown = await admin.get(`/v1/intents/${intent.id}`);
    expect(shown.body.approvals).toEqual([
      expect.objectContaining({ id: approval.id, status: 'rejected', decision: 'reject', note }),
    ]);
  });

  it('holds the budget while it is open, so that nothing else can take it', async () => {
    const tight = await newAgent({ dailyLimit: 100 });
    expect(await submitDecided(tight, { merchant, amount: 80 })).toMatchObject({ status: 'pending_approval' });
    expect(await submitDecided(tight, { amount: 30 })).toMatchObject({
      status: 'denied',
      matchedPolicy: 'Daily Limit',
    });
    expect(await submitDecided(tight, { amount: 20 })).toMatchObject({ status: 'approved' });
  });

  it('is answered by nobody without approvals:respond, by no agent, and by nobody whom it was not given to', async () => {
    const { approval } = await openRequest();
    const path = `/v1/approvals/${approval.id}/respond`;
    const [viewer, auditor] = await Promise.all([newPerson(['viewer']), newPerson(['auditor'])]);
    for (const client of [viewer.client, auditor.client, agent.client]) {
      const answer = await client.post(path, { decision: 'approve' });
      expect(answer.status).toBe(403);
      expect(answer.body.detail).toContain('approvals:respond');
    }
    const finance = await newPerson(['finance']);
    expect((await finance.client.post(path, { decision: 'approve' })).status).toBe(200);
  });

  describe('is never answered by', () => {
    let mine: NewPerson;
    let other: NewPerson;
    beforeAll(async () => {
      [mine, other] = await Promise.all([newPerson(['developer', 'finance']), newPerson(['developer'])]);
    });

    it.each<[string, () => Promise<Asking>]>([
      ['who submitted it by their login', async () => ({ by: mine.client, agentId: await register(other.client) })],
      [
        'who owns the agent',
        async () => {
          const agentId = await register(mine.client);
          return { by: await keyOf(other.client, agentId), agentId };
        },
      ],
      [
        'who made the key',
        async () => {
          const agentId = await register(other.client);
          return { by: await keyOf(mine.client, agentId), agentId };
        },
      ],
      [
        'who made the key that registered the agent',
        async () => {
          const agentId = await register(await keyOf(mine.client, null, ['agents:write']));
          return { by: await keyOf(other.client, agentId), agentId };
        },
      ],
      [
        'who rotated the key',
        async () => {
          const agentId = await register(other.client);
          const key = await other.client.post('/v1/api-keys', { name: 'rotated', agentId, scopes: ['intents:write'] });
          const rotated = await mine.client.post(`/v1/api-keys/${key.body.id}/rotate`, {});
          expect([key.status, rotated.status]).toEqual([201, 201]);
          return { by: clientWith(rotated.body.secret), agentId };
        },
      ],
    ])('the person %s, and each attempt is audited', async (_, ask) => {
      const { approval, intentId } = await askFor(await ask());
      await refused(mine, approval.id);
      await untilAnswer(admin, `/v1/audit?intentId=${intentId}`, ({ body }) =>
        body.data.some((entry: Json) => entry.type === 'approval.self_approval_refused' && entry.actor.id === mine.id),
      );
      expect((await admin.get(`/v1/intents/${intentId}`)).body.status).toBe('pending_approval');
      const answer = await admin.post(`/v1/approvals/${approval.id}/respond`, { decision: 'approve' });
      expect(answer.body.intent?.status ?? answer.body).toBe('approved');
    });

    it('the person who submitted it, with a role that came later', async () => {
      const { approval } = await askFor({ by: other.client, agentId: agent.id });
      expect((await admin.patch(`/v1/users/${other.id}`, { roles: ['developer', 'finance'] })).status).toBe(200);
      await untilAnswer(other.client, '/v1/me', ({ body }) => body.permissions.includes('approvals:respond'));
      await refused(other, approval.id);
    });

    async function refused({ client }: NewPerson, approvalId: string): Promise<void> {
      const attempts = ['approve', 'reject', 'approve'].map((decision) =>
        client.post(`/v1/approvals/${approvalId}/respond`, { decision }),
      );
      for (const { status, body } of await Promise.all(attempts)) {
        expect([status, body.code]).toEqual([403, 'self_approval']);
      }
    }
  });

  it('that needs two people counts one person once, whichever login they use', async () => {
    const twice = await admin.post('/v1/policies', {
      name: 'Ask two people',
      priority: 60,
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'reason', operator: 'eq', value: `two ${merchant}` }] },
      approval: { assignees: [{ role: 'finance' }], quorum: 2, expiresInMinutes: 60 },
    });
    expect(twice.status, twice.text).toBe(201);
    const intent = await submitDecided(agent, { merchant, amount: 3, reason: `two ${merchant}` });
    const { id } = await requestFor(intent.id);
    const [first, second] = await Promise.all([newPerson(['finance']), newPerson(['finance'])]);
    for (const client of [first.client, first.client, await first.again()]) {
      const answer = await client.post(`/v1/approvals/${id}/respond`, { decision: 'approve' });
      expect([answer.status, answer.body.status]).toEqual([200, 'open']);
    }
    const last = await second.client.post(`/v1/approvals/${id}/respond`, { decision: 'approve' });
    expect([last.status, last.body.status]).toEqual([200, 'approved']);
  });

  it.each([{}, { decision: 'maybe' }, { decision: 'approve', verdict: 1 }])(
    'with the answer %j is refused',
    async (body) => {
      const { approval } = await openRequest({ amount: 1 });
      expect((await admin.post(`/v1/approvals/${approval.id}/respond`, body)).status).toBe(400);
    },
  );

  it('of nobody is not found', async () => {
    const answer = await admin.post(`/v1/approvals/apr_${'0'.repeat(32)}/respond`, { decision: 'approve' });
    expect(answer.status).toBe(404);
  });
});

describe('several identical answers at once', () => {
  it('settle the request once', async () => {
    const { approval } = await openRequest({ amount: 2 });
    const people = await Promise.all(Array.from({ length: 4 }, () => newPerson(['finance'])));
    const answers = await Promise.all(
      people.map(({ client }) => client.post(`/v1/approvals/${approval.id}/respond`, { decision: 'approve' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
  });
});

describe('an agent key', () => {
  it('cannot list approvals, agents of others, users or keys', async () => {
    const client = agentClient();
    for (const path of [
      '/v1/approvals',
      '/v1/users',
      '/v1/api-keys',
      '/v1/policies',
      '/v1/audit',
      '/v1/analytics/spend',
    ]) {
      expect((await client.get(path)).status, path).toBe(403);
    }
    const agents = await client.get('/v1/agents');
    expect(agents.body.data.map(({ id }: Json) => id)).toEqual([facts().agentId]);
  });
});
