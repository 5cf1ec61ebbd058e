import { randomUUID } from 'node:crypto';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUYER, callerOf, createOrganization, type RunningPolicy, startPolicy } from './policy-service.ts';

let policy: RunningPolicy;
beforeAll(async () => {
  policy = await startPolicy();
});
afterAll(() => policy.stop());

describe('settings', () => {
  test('are created once, change by what is given, and are told of as policy-set versions', async () => {
    const caller = callerOf();
    const { organizationId } = caller;
    const put = { caller, baseCurrency: 'EUR', timeZone: 'Europe/Kyiv' };
    const created = await policy.client.putOrganization(put);
    const settings = { baseCurrency: 'EUR', timeZone: 'Europe/Kyiv', defaultAction: 'allow', fxMaxAgeHours: 96 };
    expect(created).toEqual({ organizationId, ...settings });
    expect(await policy.client.putOrganization(put)).toEqual(created);
    await policy.client.putOrganization({ caller, defaultAction: 'require_approval' });
    expect(await policy.client.getOrganization({ caller })).toEqual({ ...created, defaultAction: 'require_approval' });
    await eventually(() => {
      const versions = policy.published.flatMap((event) =>
        event.type === 'policy_set.activated' && event.organizationId === organizationId ? [event.data] : [],
      );
      expect(versions).toMatchObject([
        { version: 1, settings },
        { version: 2, settings: { defaultAction: 'require_approval' } },
      ]);
      expect(versions[0]?.hash).not.toBe(versions[1]?.hash);
    });
  });

  test('two at once make one organisation', async () => {
    const caller = callerOf();
    const put = () => policy.client.putOrganization({ caller, baseCurrency: 'EUR', timeZone: 'UTC' });
    await Promise.all([put(), put(), put()]);
    expect(
      await policy.store.rows('SELECT FROM policy_set_versions WHERE organization_id = $1', [caller.organizationId]),
    ).toHaveLength(1);
  });

  test('the base currency is fixed once there are agents', async () => {
    const caller = await createOrganization(policy);
    await policy.client.putOrganization({ caller, baseCurrency: 'JPY' });
    await policy.client.createAgent({ caller, id: randomUUID(), ...BUYER });
    await expect(policy.client.putOrganization({ caller, baseCurrency: 'INR' })).rejects.toMatchObject({
      code: 'wrong_state',
    });
  });

  test.each([
    [{ baseCurrency: 'EUR' }, 'invalid_request'],
    [{ baseCurrency: 'XYZ', timeZone: 'UTC' }, 'unknown_currency'],
    [{ baseCurrency: 'EUR', timeZone: '+02:00' }, 'invalid_request'],
    [{ baseCurrency: 'EUR', timeZone: 'UTC', defaultAction: 'maybe' }, 'invalid_request'],
  ])('%j is refused as %s', async (change, code) => {
    await expect(policy.client.putOrganization({ caller: callerOf(), ...change })).rejects.toMatchObject({ code });
  });
});

describe('agents', () => {
  test('are registered once an id, with an event that holds them whole', async () => {
    const caller = await createOrganization(policy);
    const id = randomUUID();
    const fields = {
      name: ' Procurement ',
      description: 'Buys paper',
      riskLevel: '',
      dailyLimit: '99.50',
      ownerId: 'user',
    };
    const request = { caller, id, ...fields };
    const agent = await policy.client.createAgent(request);
    expect(agent).toMatchObject({
      id,
      name: 'Procurement',
      description: 'Buys paper',
      riskLevel: 'medium',
      status: 'active',
      dailyLimit: { amountMinor: '9950', currency: 'INR', exponent: 2 },
      ownerId: 'user',
    });
    expect(agent.monthlyLimit ?? null).toBeNull();
    expect(await policy.client.createAgent({ ...request, name: 'Another' })).toEqual(agent);
    await eventually(() => expect(policy.typesOf(caller.organizationId, id)).toEqual(['agent.created']));
    expect(policy.published.find((event) => event.subject === id)).toMatchObject({
      actor: { type: 'human', id: 'somebody' },
      data: { agentId: id, dailyLimitMinor: '9950', monthlyLimitMinor: null, ownerId: 'user', beforeSha256: null },
    });
  });

  test('change by what is given; an empty limit lifts it; nothing changed is nothing told', async () => {
    const caller = await createOrganization(policy);
    const id = randomUUID();
    await policy.client.createAgent({ caller, id, ...BUYER, dailyLimit: '10', monthlyLimit: '100' });
    const edited = await policy.client.updateAgent({
      caller,
      id,
      riskLevel: 'high',
      dailyLimit: '0',
      monthlyLimit: '',
    });
    expect(edited).toMatchObject({ name: 'Buyer', riskLevel: 'high', dailyLimit: { amountMinor: '0' } });
    expect(edited.monthlyLimit ?? null).toBeNull();
    await policy.client.updateAgent({ caller, id, name: 'Buyer' });
    await policy.client.setAgentStatus({ caller, id, status: 'suspended' });
    await policy.client.setAgentStatus({ caller, id, status: 'suspended' });
    expect(await policy.client.setAgentStatus({ caller, id, status: 'active' })).toMatchObject({ status: 'active' });
    await eventually(() =>
      expect(policy.typesOf(caller.organizationId, id)).toEqual([
        'agent.created',
        'agent.updated',
        'agent.suspended',
        'agent.resumed',
      ]),
    );
    const states = policy.published.flatMap((event) =>
      event.subject === id && 'afterSha256' in event.data ? [event.data] : [],
    );
    for (const [index, state] of states.entries())
      expect(state.beforeSha256).toBe(states[index - 1]?.afterSha256 ?? null);
  });

  test('come whole, or in pages that do not overlap', async () => {
    const caller = await createOrganization(policy);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of ids) await policy.client.createAgent({ caller, id, ...BUYER });
    const whole = await policy.client.listAgents({ caller });
    expect(whole.page).toMatchObject({ total: 3, hasMore: false });
    expect(new Set(whole.agents.map((agent) => agent.id))).toEqual(new Set(ids));
    const first = await policy.client.listAgents({ caller, page: { limit: 2, offset: 0 } });
    const rest = await policy.client.listAgents({
      caller,
      page: { limit: 2, offset: 0, cursor: first.page?.nextCursor },
    });
    const skipped = await policy.client.listAgents({ caller, page: { limit: 2, offset: 2 } });
    expect([...first.agents, ...rest.agents]).toEqual(whole.agents);
    expect(skipped.agents).toEqual(rest.agents);
    expect([first.page?.hasMore, rest.page?.hasMore]).toEqual([true, false]);
    for (const page of [
      { limit: 101, offset: 0 },
      { limit: 2, offset: 0, cursor: 'bm8' },
      { limit: 2, offset: -1 },
    ]) {
      await expect(policy.client.listAgents({ caller, page })).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  test.each([
    [{ dailyLimit: '-1' }, 'amount_not_positive'],
    [{ dailyLimit: '1.001' }, 'amount_decimals'],
    [{ monthlyLimit: '1234567890123456' }, 'amount_too_precise'],
    [{ monthlyLimit: 'much' }, 'amount_too_precise'],
    [{ riskLevel: 'severe' }, 'invalid_request'],
    [{ name: '   ' }, 'invalid_request'],
    [{ name: 'a\0b' }, 'invalid_request'],
    [{ id: 'buyer' }, 'invalid_request'],
  ])('%j is refused as %s', async (fields, code) => {
    const caller = await createOrganization(policy);
    const request = { caller, id: randomUUID(), ...BUYER, ...fields };
    await expect(policy.client.createAgent(request)).rejects.toMatchObject({ code });
  });
});
