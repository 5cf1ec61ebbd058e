import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  agentClient,
  clientWith,
  facts,
  type Json,
  type NewAgent,
  newAgent,
  personClient,
  submitDecided,
  uniqueMerchant,
  untilAnswer,
} from '../src/client.ts';

let agent: NewAgent;
beforeAll(async () => {
  agent = await newAgent();
});

function intent(fields: Record<string, unknown> = {}) {
  return { agentId: agent.id, amount: 5000, currency: 'GBP', reason: 'Cloud credits for March', ...fields };
}

function idsOf(intents: Json[]): string[] {
  const ids: string[] = intents.map(({ id }) => id);
  return ids.toSorted();
}

describe('a spend intent', () => {
  it('is accepted at once with 202, and is decided on its own', async () => {
    const answer = await agent.client.post('/v1/intents', intent());
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^int_[0-9a-f]{32}$/),
      status: 'pending',
      amount: 5000,
      currency: 'GBP',
      policyDecision: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(answer.headers.get('location')).toBe(`/v1/intents/${answer.body.id}`);

    const decided = await untilAnswer(
      agent.client,
      `/v1/intents/${answer.body.id}`,
      ({ body }) => body.status !== 'pending',
    );
    expect(decided.body).toMatchObject({
      id: answer.body.id,
      status: 'approved',
      amount: 5000,
      currency: 'GBP',
      policyDecision: 'allow',
      matchedPolicy: 'Default Allow',
      createdAt: answer.body.createdAt,
    });
    expect(decided.body.riskScore).toBeGreaterThanOrEqual(0);
    expect(decided.body.riskScore).toBeLessThanOrEqual(1);
    expect(decided.body.updatedAt >= decided.body.createdAt).toBe(true);
  });

  it('is answered with its decision when the client prefers to wait', async () => {
    const answer = await agentClient().post(
      '/v1/intents',
      { agentId: facts().agentId, amount: 12.5, currency: 'GBP', reason: 'Lunch' },
      { prefer: 'wait=5' },
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'approved', policyDecision: 'allow', amount: 12.5 });
    expect(answer.headers.get('preference-applied')).toBe('wait=5');
  });

  it('carries references to its entries in the audit log', async () => {
    const { id } = await submitDecided(agent);
    const answer = await untilAnswer(agent.client, `/v1/intents/${id}`, ({ body }) => body.audit?.length === 2);
    // In the order of arrival: on a broker, topics are not ordered against each other.
    const types: string[] = answer.body.audit.map((entry: Json) => entry.type);
    expect(types.toSorted()).toEqual(['intent.decided', 'intent.submitted']);
    for (const entry of answer.body.audit) expect(entry.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  it('submitted twice under one Idempotency-Key is one intent with one answer; another body is refused', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => agent.client.post('/v1/intents', intent({ amount: 7 }), key)),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(19);

    const other = await agent.client.post('/v1/intents', intent({ amount: 8 }), key);
    expect(other.status).toBe(422);
    expect(other.body.code).toBe('idempotency_key_reused');
  });
});

describe('the list of intents', () => {
  it('filters by status, agent, merchant and time, and pages without repeating or losing any', async () => {
    const other = await newAgent();
    const merchant = uniqueMerchant();
    const made = [];
    for (let index = 0; index < 7; index++) made.push(await submitDecided(other, { amount: index + 1, merchant }));
    const admin = await personClient('admin');

    const byAgent = await admin.get(`/v1/intents?agentId=${other.id}&status=approved`);
    expect(byAgent.body.pagination).toMatchObject({ limit: 20, offset: 0, total: 7, hasMore: false });
    const byMerchant = await admin.get(`/v1/intents?merchant=${merchant}&limit=3&offset=2`);
    expect(byMerchant.body.data).toHaveLength(3);
    expect(byMerchant.body.pagination).toMatchObject({ limit: 3, offset: 2, total: 7, hasMore: true });

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await admin.get(`/v1/intents?agentId=${other.id}&limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.body.data.map(({ id }: { id: string }) => id));
      cursor = page.body.pagination.nextCursor ?? null;
    }
    expect(seen.toSorted()).toEqual(idsOf(made));

    const [from, to] = [made[2].createdAt, made[5].createdAt];
    const between = await admin.get(`/v1/intents?agentId=${other.id}&from=${from}&to=${to}`);
    expect(idsOf(between.body.data)).toEqual(idsOf(made.slice(2, 5)));
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'offset=-1', 'status=lost', 'from=yesterday', 'colour=red'])(
    'refuses %s with 400 and names the parameter',
    async (query) => {
      const answer = await (await personClient('admin')).get(`/v1/intents?${query}`);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body.errors)).toContain(query.split('=')[0]);
    },
  );
});

describe('credentials', () => {
  it.each([
    ['none', null],
    ['an unknown key', `aegis_sk_${'a'.repeat(49)}`],
    ['a token of nobody', 'eyJhbGciOiJub25lIn0.e30.'],
  ])('%s: 401 with a challenge', async (_, token) => {
    const answer = await clientWith(token).get('/v1/intents');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it("of one agent see neither another agent's intents nor submit for it", async () => {
    const other = await newAgent();
    const { id } = await submitDecided(other);
    expect((await agent.client.get(`/v1/intents/${id}`)).status).toBe(404);
    expect((await agent.client.post('/v1/intents', intent({ agentId: other.id }))).status).toBeGreaterThanOrEqual(403);
    const list = await agent.client.get(`/v1/intents?agentId=${other.id}`);
    expect(list.body.data).toEqual([]);
  });
});
