import { beforeAll, describe, expect, it } from 'vitest';
import {
  agentClient,
  type Client,
  facts,
  type Json,
  type NewAgent,
  newAgent,
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

async function openRequest(fields: Record<string, unknown> = {}): Promise<{ intent: Json; approval: Json }> {
  const intent = await submitDecided(agent, { merchant, amount: 40, ...fields });
  expect(intent).toMatchObject({
    status: 'pending_approval',
    policyDecision: 'require_approval',
    matchedPolicy: 'Ask finance',
  });
  const list = await untilAnswer(admin, '/v1/approvals', ({ body }) =>
    body.data?.some((open: Json) => open.intentId === intent.id || open.intent?.id === intent.id),
  );
  const approval = list.body.data.find((open: Json) => open.intent?.id === intent.id);
  return { intent, approval };
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

  it('is never answered by the person who submitted, owns the agent or made its key, and the attempt is audited', async () => {
    const both = await newPerson(['finance', 'developer']);
    const own = await both.client.post('/v1/agents', { name: `own ${merchant}` });
    expect(own.status).toBe(201);
    const submitted = await both.client.post(
      '/v1/intents',
      { agentId: own.body.id, amount: 5, currency: 'GBP', reason: 'mine', merchant },
      { prefer: 'wait=10' },
    );
    expect(submitted.body.status).toBe('pending_approval');
    const open = await untilAnswer(admin, '/v1/approvals', ({ body }) =>
      body.data?.some((item: Json) => item.intent?.id === submitted.body.id),
    );
    const { id } = open.body.data.find((item: Json) => item.intent?.id === submitted.body.id);
    const answer = await both.client.post(`/v1/approvals/${id}/respond`, { decision: 'approve' });
    expect(answer.status).toBe(403);
    expect(answer.body.code).toBe('self_approval');
    await untilAnswer(admin, `/v1/audit?intentId=${submitted.body.id}`, ({ body }) =>
      body.data.some((entry: Json) => entry.type === 'approval.self_approval_refused'),
    );
    expect((await admin.get(`/v1/intents/${submitted.body.id}`)).body.status).toBe('pending_approval');
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
