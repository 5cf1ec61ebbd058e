import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Client,
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
beforeAll(async () => {
  [admin, agent] = await Promise.all([personClient('admin'), newAgent()]);
});

async function createPolicy(fields: Record<string, unknown>): Promise<Json> {
  const answer = await admin.post('/v1/policies', { priority: 50, ...fields });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}

const onMerchant = (merchant: string, ...more: object[]) => ({
  match: 'all',
  conditions: [{ field: 'merchant', operator: 'eq', value: merchant }, ...more],
});

describe('policies', () => {
  it('decide as soon as their creation is answered, the highest priority first', async () => {
    const merchant = uniqueMerchant();
    const deny = await createPolicy({ name: 'Never here', priority: 90, action: 'deny', rules: onMerchant(merchant) });
    await createPolicy({ name: 'Fine here', priority: 10, action: 'allow', rules: onMerchant(merchant) });
    const denied = await submitDecided(agent, { merchant: merchant.toUpperCase() });
    expect(denied).toMatchObject({
      status: 'denied',
      policyDecision: 'deny',
      matchedPolicy: 'Never here',
      matchedPolicyId: deny.id,
    });

    await admin.patch(`/v1/policies/${deny.id}`, { isActive: false });
    expect(await submitDecided(agent, { merchant })).toMatchObject({ status: 'approved', matchedPolicy: 'Fine here' });
  });

  it('say beforehand, condition by condition, what an intent will be answered', async () => {
    const merchant = uniqueMerchant();
    const small = { field: 'amount', operator: 'lt', value: 100 };
    const deny = await createPolicy({
      name: 'Not small',
      priority: 91,
      action: 'deny',
      rules: onMerchant(merchant, small),
    });
    const intent = { agentId: agent.id, amount: 99.5, currency: 'INR', reason: 'Beforehand', merchant };
    const { status, body } = await admin.post('/v1/policies/simulate', { intent });
    expect(status).toBe(200);
    const explained = body.policies.find(({ id }: Json) => id === deny.id);
    expect(explained).toMatchObject({
      holds: true,
      answers: true,
      conditions: [
        { field: 'merchant', actual: merchant.toLowerCase(), holds: true },
        { field: 'amount', actual: 99.5, value: 100, holds: true },
      ],
    });
    const policies = [{ name: 'Never small', priority: 1, action: 'require_approval', rules: onMerchant(merchant) }];
    expect((await admin.post('/v1/policies/simulate', { intent, policies })).body).toMatchObject({
      decision: 'require_approval',
      live: { decision: 'deny', matchedPolicyId: deny.id },
      changed: true,
    });
    expect(await submitDecided(agent, { amount: 99.5, merchant })).toMatchObject({
      policyDecision: body.decision,
      matchedPolicyId: body.matchedPolicyId,
    });
  });

  it('say which intents a proposal would answer less strictly, and are right', async () => {
    const merchant = uniqueMerchant();
    const over = (amount: number) => onMerchant(merchant, { field: 'amount', operator: 'gt', value: amount });
    const cap = await createPolicy({ name: 'Cap', priority: 93, action: 'deny', rules: over(100) });
    const { data } = (await admin.get('/v1/policies')).body;
    const policies = data.map(({ id, name, priority, action, rules, isActive, mode }: Json) => {
      return { id, name, priority, action, isActive, mode, rules: id === cap.id ? over(150) : rules };
    });
    const { status, body } = await admin.post('/v1/policies/lint', { policies });
    expect(status).toBe(200);
    const found = body.findings.find(({ kind, policy }: Json) => kind === 'looser' && policy.id === cap.id);
    expect(found).toMatchObject({ before: 'deny', witness: { intent: { merchant: merchant.toLowerCase() } } });
    const { intent, at } = found.witness;
    const shown = { intent: { ...intent, agentId: agent.id }, at, policies };
    expect((await admin.post('/v1/policies/simulate', shown)).body).toMatchObject({
      live: { decision: 'deny', matchedPolicyId: cap.id },
      changed: true,
    });
  });

  it('are listed active and inactive, by priority descending', async () => {
    const inactive = await createPolicy({
      name: 'Asleep',
      priority: 70,
      action: 'deny',
      isActive: false,
      rules: { match: 'all', conditions: [] },
    });
    const { body } = await admin.get('/v1/policies');
    const priorities = body.data.map(({ priority }: Json) => priority);
    expect(priorities).toEqual(priorities.toSorted((a: number, b: number) => b - a));
    expect(body.data.find(({ id }: Json) => id === inactive.id)).toMatchObject({
      isActive: false,
      name: 'Asleep',
      action: 'deny',
    });
    expect(await submitDecided(agent)).toMatchObject({ status: 'approved' });
  });

  it.each<[string, object, Record<string, unknown>, boolean]>([
    ['gte', { field: 'amount', operator: 'gte', value: 10 }, { amount: 10 }, true],
    ['gt', { field: 'amount', operator: 'gt', value: 10 }, { amount: 10 }, false],
    ['lt', { field: 'amount', operator: 'lt', value: 10.01 }, { amount: 10 }, true],
    ['lte', { field: 'confidence', operator: 'lte', value: 0.5 }, { confidence: 0.6 }, false],
    ['between', { field: 'amount', operator: 'between', value: [5, 10] }, { amount: 10 }, true],
    ['in', { field: 'currency', operator: 'in', value: ['GBP', 'EUR'] }, {}, true],
    [
      'not_in',
      { field: 'merchant_category', operator: 'not_in', value: ['travel'] },
      { merchantCategory: 'Travel' },
      false,
    ],
    ['contains', { field: 'reason', operator: 'contains', value: 'urgent' }, { reason: 'urgent refill' }, true],
    [
      'not_contains',
      { field: 'reason', operator: 'not_contains', value: 'urgent' },
      { reason: 'urgent refill' },
      false,
    ],
    [
      'starts_with',
      { field: 'merchant_category', operator: 'starts_with', value: 'off' },
      { merchantCategory: 'Office' },
      true,
    ],
    ['ends_with', { field: 'reason', operator: 'ends_with', value: 'refill' }, { reason: 'urgent refill' }, true],
    ['matches', { field: 'reason', operator: 'matches', value: '^PO-\\d{4}$' }, { reason: 'PO-1234' }, true],
    [
      'exists',
      { field: 'metadata.project.code', operator: 'exists', value: true },
      { metadata: { project: { code: 'X' } } },
      true,
    ],
    ['neq', { field: 'metadata.team', operator: 'neq', value: 'ops' }, {}, true],
    ['eq on a missing value', { field: 'metadata.team', operator: 'eq', value: 'ops' }, {}, false],
    [
      'any day of the week',
      {
        field: 'day_of_week',
        operator: 'in',
        value: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      },
      {},
      true,
    ],
    ['the budget after this', { field: 'daily_spend_after', operator: 'gt', value: 0 }, {}, true],
  ])('match by %s', async (_, condition, fields, matches) => {
    const merchant = uniqueMerchant();
    await createPolicy({ name: 'Rule', action: 'deny', rules: onMerchant(merchant, condition) });
    expect((await submitDecided(agent, { merchant, ...fields })).status).toBe(matches ? 'denied' : 'approved');
  });

  it.each<[string, object, string]>([
    ['an unknown field', { field: 'colour', operator: 'eq', value: 'red' }, 'rules.conditions[0].field'],
    [
      'a field that does not exist',
      { field: 'merchant_rating', operator: 'gt', value: 3 },
      'rules.conditions[0].field',
    ],
    ['an unknown operator', { field: 'amount', operator: 'roughly', value: 3 }, 'rules.conditions[0]'],
    ['a value of the wrong type', { field: 'amount', operator: 'gte', value: 'much' }, 'rules.conditions[0].value'],
    ['a range upside down', { field: 'amount', operator: 'between', value: [10, 5] }, 'rules.conditions[0].value'],
    ['an expression that is none', { field: 'reason', operator: 'matches', value: '(' }, 'rules.conditions[0].value'],
  ])('with %s are refused with the path', async (_, condition, path) => {
    const answer = await admin.post('/v1/policies', {
      name: 'Wrong',
      priority: 1,
      action: 'deny',
      rules: { match: 'all', conditions: [condition] },
    });
    expect([400, 422]).toContain(answer.status);
    expect(answer.text).toContain(path);
  });

  it('are written by nobody without policies:write, and the refusal names the permission', async () => {
    const viewer = await newPerson(['viewer']);
    const answer = await viewer.client.post('/v1/policies', {
      name: 'Mine',
      priority: 1,
      action: 'allow',
      rules: { match: 'all', conditions: [] },
    });
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain('policies:write');
  });
});

describe('limits', () => {
  it('hold to the penny when many intents race for the last of the budget', async () => {
    const limited = await newAgent({ dailyLimit: 100, monthlyLimit: 10_000 });
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => submitDecided(limited, { amount: 3.33 })));
    expect(outcomes.filter(({ status }) => status === 'approved')).toHaveLength(30);
    for (const outcome of outcomes.filter(({ status }) => status === 'denied'))
      expect(outcome.matchedPolicy).toBe('Daily Limit');
    const answer = await untilAnswer(admin, `/v1/agents/${limited.id}`, ({ body }) => body.spentToday === 99.9);
    expect(answer.body).toMatchObject({
      dailyLimit: 100,
      monthlyLimit: 10_000,
      spentToday: 99.9,
      heldToday: 0,
      spentThisMonth: 99.9,
    });
  });

  it('of zero allow nothing; the month counts as well as the day', async () => {
    expect(await submitDecided(await newAgent({ dailyLimit: 0 }))).toMatchObject({
      status: 'denied',
      matchedPolicy: 'Daily Limit',
    });
    expect(await submitDecided(await newAgent({ monthlyLimit: 5 }))).toMatchObject({
      status: 'denied',
      matchedPolicy: 'Monthly Limit',
    });
  });

  it('do not know an exchange rate by guessing: a person decides', async () => {
    expect(await submitDecided(agent, { currency: 'USD' })).toMatchObject({
      status: 'pending_approval',
      matchedPolicy: 'Missing FX Rate',
    });
  });

  it('end at once for a suspended agent, and begin again when it is resumed', async () => {
    const other = await newAgent();
    expect((await admin.post(`/v1/agents/${other.id}/suspend`)).body.status).toBe('suspended');
    expect(await submitDecided(other)).toMatchObject({ status: 'denied', matchedPolicy: 'Agent Suspended' });
    await admin.post(`/v1/agents/${other.id}/resume`);
    expect(await submitDecided(other)).toMatchObject({ status: 'approved' });
  });
});

describe('agents', () => {
  it('are listed with risk level, status, wallet balance and limits', async () => {
    const made = await newAgent({ riskLevel: 'high', dailyLimit: 12.34, description: 'Buys paper' });
    const { body } = await admin.get('/v1/agents');
    expect(body.data.find(({ id }: Json) => id === made.id)).toMatchObject({
      riskLevel: 'high',
      status: 'active',
      walletBalance: 0,
      dailyLimit: 12.34,
      monthlyLimit: null,
      description: 'Buys paper',
    });
  });

  it('have medium risk unless told otherwise', async () => {
    const { id } = await newAgent();
    expect((await admin.get(`/v1/agents/${id}`)).body.riskLevel).toBe('medium');
  });

  it.each([
    { name: '' },
    { name: 'x', riskLevel: 'extreme' },
    { name: 'x', dailyLimit: -1 },
    { name: 'x', dailyLimit: 1.005 },
    {},
  ])('refuse %j', async (body) => {
    expect([400, 422]).toContain((await admin.post('/v1/agents', body)).status);
  });
});
