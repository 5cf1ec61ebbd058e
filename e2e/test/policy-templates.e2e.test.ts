import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, type Json, newOwner } from '../src/client.ts';

/** The owner of an organisation that has the finance team's template and nothing else. */
let owner: Client;
let agentId: string;

const SMALL = { currency: 'EUR', reason: 'Paper', merchant: 'Acme Stationers' };

beforeAll(async () => {
  owner = (await newOwner('Beginners')).client;
  agentId = (await owner.post('/v1/agents', { name: 'Buyer', riskLevel: 'low' })).body.id;
  const { data } = (await owner.get('/v1/policies/templates')).body;
  const template = data.find(({ name }: Json) => name === 'finance-team');
  for (const policy of template.policies) {
    const created = await owner.post('/v1/policies', policy);
    if (created.status !== 201) throw new Error(created.text);
  }
  // A small payment in the daytime or at night: the merchant is known afterwards.
  const paid = await owner.post('/v1/intents', { agentId, amount: 20, ...SMALL }, { prefer: 'wait=10' });
  expect(paid.body).toMatchObject({ policyDecision: 'allow', matchedPolicy: 'Everyday purchases' });
});

describe('the finance team’s template', () => {
  const NOON = '2026-03-05T12:00:00+01:00';
  const SUNDAY = '2026-03-08T12:00:00+01:00';
  const NIGHT = '2026-03-05T23:30:00+01:00';

  it.each<[string, object, string, string, string]>([
    ['an everyday purchase', { amount: 99 }, NOON, 'allow', 'Everyday purchases'],
    ['a larger one at a merchant that is known', { amount: 450 }, NOON, 'allow', 'Everyday purchases'],
    ['a larger one on a Sunday', { amount: 450 }, SUNDAY, 'require_approval', 'Outside office hours'],
    ['a larger one at night', { amount: 450 }, NIGHT, 'require_approval', 'Outside office hours'],
    ['a small one at night', { amount: 30 }, NIGHT, 'allow', 'Everyday purchases'],
    ['a larger one at a new merchant', { amount: 450, merchant: 'Globex' }, NOON, 'require_approval', 'New merchants'],
    ['a small one at a new merchant', { amount: 30, merchant: 'Globex' }, NOON, 'allow', 'Everyday purchases'],
    ['a large one', { amount: 1_000 }, NOON, 'require_approval', 'Large purchases'],
    ['a very large one', { amount: 10_000 }, NOON, 'require_approval', 'Two people for very large purchases'],
    ['an agent that is not sure', { amount: 30, confidence: 0.4 }, NOON, 'require_approval', 'High risk'],
    ['one without a merchant', { amount: 30, merchant: undefined }, NOON, 'require_approval', 'Everything else'],
    ['gambling by category', { amount: 5, merchantCategory: 'Gambling' }, NOON, 'deny', 'Forbidden categories'],
    ['gambling by name', { amount: 5, merchant: 'CASINO ROYALE' }, NOON, 'deny', 'Forbidden categories'],
    ['a currency without a rate', { amount: 5, currency: 'USD' }, NOON, 'require_approval', 'Everything else'],
  ])('decides %s', async (_, fields, at, decision, matchedPolicy) => {
    const intent = { agentId, ...SMALL, ...fields };
    const { status, body } = await owner.post('/v1/policies/simulate', { intent, at });
    expect(status).toBe(200);
    expect(body).toMatchObject({ decision, matchedPolicy });
  });

  it('denies what is forbidden when it is submitted, and asks about what names nobody', async () => {
    const submit = (fields: object) =>
      owner.post('/v1/intents', { agentId, amount: 5, currency: 'EUR', reason: 'x', ...fields }, { prefer: 'wait=10' });
    expect((await submit({ merchant: 'Lucky Casino' })).body).toMatchObject({ status: 'denied' });
    expect((await submit({})).body).toMatchObject({ status: 'pending_approval' });
  });

  it('has no policy that never answers, and says so', async () => {
    expect((await owner.post('/v1/policies/lint', {})).body).toMatchObject({ findings: [], undecided: [] });
  });

  it('comes in other sizes', async () => {
    const [small, large] = await Promise.all(
      [1, 1_000].map(async (everyday) => (await owner.get(`/v1/policies/templates?everyday=${everyday}`)).body),
    );
    expect(small.data[0].policies[2].rules.conditions[0].value).toBe(10);
    expect(large.data[0].policies[2].rules.conditions[0].value).toBe(10_000);
    expect((await owner.get('/v1/policies/templates?everyday=0')).status).toBe(400);
  });
});
