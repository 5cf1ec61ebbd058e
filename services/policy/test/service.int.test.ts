import { randomUUID } from 'node:crypto';
import { newId } from '@aegis/contracts/ids';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { message } from './policy-database.ts';
import { BUYER, callerOf, createOrganization, type RunningPolicy, startPolicy, WEEKEND } from './policy-service.ts';
import { submission } from './samples.ts';

let policy: RunningPolicy;
beforeAll(async () => {
  policy = await startPolicy();
});
afterAll(() => policy.stop());

describe('the running service', () => {
  test('is ready once it has its database, its relay and its part of the log', async () => {
    await eventually(async () => expect(await policy.service.readiness()).toMatchObject({ ready: true }));
    expect(policy.service.liveness?.()).toEqual({ consumer: { ok: true } });
  });

  test('answers a submission on the bus with a decision on the bus, and the agent’s figures follow', async () => {
    const caller = await createOrganization(policy);
    const agentId = randomUUID();
    await policy.client.createAgent({ caller, id: agentId, ...BUYER, dailyLimit: '100' });
    const createdAt = new Date().toISOString();
    await policy.bus.publish([message(caller.organizationId, 'intent.submitted', submission({ agentId, createdAt }))]);
    await eventually(() => expect(policy.typesOf(caller.organizationId)).toContain('intent.decided'));
    expect(await policy.client.getAgent({ caller, id: agentId })).toMatchObject({
      spentToday: { amountMinor: '5000', currency: 'INR', exponent: 2 },
      spentThisMonth: { amountMinor: '5000' },
      heldToday: { amountMinor: '0' },
      dailyLimit: { amountMinor: '10000' },
      walletBalance: { amountMinor: '0', currency: 'INR' },
    });
  });

  test('sets a message it cannot read apart, and goes on', async () => {
    const caller = await createOrganization(policy);
    const agentId = randomUUID();
    await policy.client.createAgent({ caller, id: agentId, ...BUYER });
    const good = message(caller.organizationId, 'intent.submitted', submission({ agentId }));
    await policy.bus.publish([{ ...good, value: '{"broken":true}' }, good]);
    await eventually(() => expect(policy.typesOf(caller.organizationId)).toContain('intent.decided'));
    await eventually(() => expect(policy.dead).toContain('{"broken":true}'));
  });
});

describe('another organisation’s object', () => {
  test('is not found by any method, as if it were not there', async () => {
    const owner = await createOrganization(policy);
    const stranger = await createOrganization(policy);
    const agentId = randomUUID();
    const policyId = newId('pol');
    await policy.client.createAgent({ caller: owner, id: agentId, ...BUYER });
    await policy.client.createPolicy({ caller: owner, id: policyId, ...WEEKEND });
    for (const caller of [stranger, callerOf()]) {
      const attempts = [
        () => policy.client.getAgent({ caller, id: agentId }),
        () => policy.client.updateAgent({ caller, id: agentId, name: 'Mine' }),
        () => policy.client.setAgentStatus({ caller, id: agentId, status: 'suspended' }),
        () => policy.client.getPolicy({ caller, id: policyId }),
        () => policy.client.updatePolicy({ caller, id: policyId, name: 'Mine' }),
        () => policy.client.archivePolicy({ caller, id: policyId }),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await policy.client.listAgents({ caller: stranger })).agents).toEqual([]);
    expect((await policy.client.listPolicies({ caller: stranger })).policies).toEqual([]);
    expect(await policy.client.getAgent({ caller: owner, id: agentId })).toMatchObject({
      name: 'Buyer',
      status: 'active',
    });
  });

  test('is beyond the reach of a query that forgot its organisation', async () => {
    const owner = await createOrganization(policy);
    await policy.client.createAgent({ caller: owner, id: randomUUID(), ...BUYER });
    const seen = (organizationId: string) =>
      policy.store.open().read({ organizationId }, async (tx) => (await tx.query('SELECT FROM agents')).rowCount);
    expect(await seen(owner.organizationId)).toBe(1);
    expect(await seen(randomUUID())).toBe(0);
    const insertElsewhere = policy.store
      .open()
      .tx({ organizationId: randomUUID() }, (tx) =>
        tx.query(`INSERT INTO budgets VALUES ($1, $1, 'day', '2026-01-01', 0, 0)`, [owner.organizationId]),
      );
    await expect(insertElsewhere).rejects.toThrow('row-level security');
  });

  test('row-level security is forced on every table that has an organisation', async () => {
    const tables = await policy.store.rows<{ name: string; secured: boolean }>(
      `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS secured
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
       WHERE c.relnamespace = 'policy'::regnamespace AND c.relkind = 'r' ORDER BY 1`,
    );
    expect(tables.length).toBeGreaterThan(8);
    expect(tables.filter((table) => !table.secured)).toEqual([]);
  });
});

test('a caller without an organisation or an actor is refused', async () => {
  await expect(policy.client.listAgents({ caller: null })).rejects.toMatchObject({ code: 'invalid_request' });
  await expect(policy.client.getOrganization({ caller: callerOf() })).rejects.toMatchObject({ code: 'not_found' });
});
