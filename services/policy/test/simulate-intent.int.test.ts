import { randomUUID } from 'node:crypto';
import { newId } from '@aegis/contracts/ids';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { message } from './policy-database.ts';
import { BUYER, createOrganization, type RunningPolicy, startPolicy } from './policy-service.ts';
import { submission } from './samples.ts';

let policy: RunningPolicy;
beforeAll(async () => {
  policy = await startPolicy();
});
afterAll(() => policy.stop());

const when = (field: string, operator: string, value: unknown) => ({
  match: 'all',
  conditions: [{ field, operator, value }],
});
const ASK = { name: 'Ask above 80 a day', priority: 10, action: 'require_approval', isActive: true };
const AT = '2026-03-05T10:00:00.000Z';

/** An agent with a limit of 100 rupees a day, of which 50 are spent on 5 March, and a policy that asks above 80. */
async function openSpender() {
  const caller = await createOrganization(policy);
  const agentId = randomUUID();
  await policy.client.createAgent({ caller, id: agentId, ...BUYER, dailyLimit: '100' });
  const rulesJson = JSON.stringify(when('daily_spend_after', 'gt', 80));
  await policy.client.createPolicy({ caller, id: newId('pol'), ...ASK, rulesJson });
  await policy.bus.publish([
    message(caller.organizationId, 'intent.submitted', submission({ agentId, createdAt: AT })),
  ]);
  await eventually(() => expect(policy.typesOf(caller.organizationId)).toContain('intent.decided'));
  const simulate = (amountMinor: string, proposal: object = {}) =>
    policy.client.simulateIntent({
      caller,
      agentId,
      amount: { amountMinor, currency: 'INR', exponent: 2 },
      reason: 'Paper',
      confidence: '0.9',
      at: AT,
      ...proposal,
    });
  return { caller, agentId, simulate };
}

describe('an intent that nobody submitted', () => {
  test('is decided against the budgets as they stand, each condition told, and leaves no trace', async () => {
    const { caller, agentId, simulate } = await openSpender();
    const before = await policy.client.getAgent({ caller, id: agentId });
    const decided = await policy.store.decisions(caller.organizationId);

    expect(await simulate('3000')).toMatchObject({
      verdict: { decision: 'allow', matchedPolicy: 'Default Allow' },
      policies: [{ name: ASK.name, holds: false, answers: false, conditions: [{ actualJson: '80', holds: false }] }],
      limits: [
        {
          name: 'Daily Limit',
          whose: 'the agent',
          limit: { amountMinor: '10000' },
          spent: { amountMinor: '5000' },
          held: { amountMinor: '0' },
          fits: true,
        },
      ],
      policiesLeftOut: 0,
    });
    expect(await simulate('3001')).toMatchObject({
      verdict: {
        decision: 'require_approval',
        matchedPolicy: ASK.name,
        matchedPolicyId: expect.stringMatching(/^pol_/),
      },
      policies: [
        {
          holds: true,
          answers: true,
          conditions: [
            {
              path: 'rules.conditions[0]',
              field: 'daily_spend_after',
              operator: 'gt',
              valueJson: '80',
              actualJson: '80.01',
              holds: true,
            },
          ],
        },
      ],
    });
    expect(await simulate('5001')).toMatchObject({
      verdict: { decision: 'deny', matchedPolicy: 'Daily Limit' },
      guards: [{ name: 'Daily Limit', verdict: 'deny' }],
      limits: [{ name: 'Daily Limit', fits: false }],
      policies: [{ answers: true }],
    });
    expect(await simulate('5001', { at: '2026-03-06T10:00:00.000Z' })).toMatchObject({
      verdict: { decision: 'allow' },
    });

    expect(await policy.client.getAgent({ caller, id: agentId })).toEqual(before);
    expect(await policy.store.decisions(caller.organizationId)).toEqual(decided);
  });

  test('is decided by proposed policies beside those of now', async () => {
    const { simulate } = await openSpender();
    const strict = { name: 'Nothing at night', priority: 5, action: 'deny', rules: when('hour_of_day', 'lt', 16) };
    expect(await simulate('3001', { policiesJson: JSON.stringify([strict]) })).toMatchObject({
      verdict: { decision: 'deny', matchedPolicy: strict.name },
      live: { decision: 'require_approval', matchedPolicy: ASK.name },
      policies: [{ name: strict.name, holds: true, answers: true, conditions: [{ actualJson: '15' }] }],
    });
    expect(await simulate('1', { policiesJson: '[]', defaultAction: 'deny' })).toMatchObject({
      verdict: { decision: 'deny', matchedPolicy: 'Default Deny' },
      live: { decision: 'allow' },
      policies: [],
    });
  });

  test('is refused with the path of what is wrong', async () => {
    const { caller, simulate } = await openSpender();
    const broken = [{ ...ASK, rules: when('amuont', 'gt', 1) }];
    await expect(simulate('1', { policiesJson: JSON.stringify(broken) })).rejects.toMatchObject({
      code: 'invalid_policy',
      errors: [{ path: 'policies[0].rules.conditions[0].field' }],
    });
    const id = newId('pol');
    const twice = [1, 2].map((priority) => ({ ...ASK, id, priority, rules: when('amount', 'gt', 1) }));
    await expect(simulate('1', { policiesJson: JSON.stringify(twice) })).rejects.toMatchObject({
      errors: [{ path: 'policies[1].id' }],
    });
    await expect(simulate('1', { agentId: randomUUID() })).rejects.toMatchObject({ code: 'unknown_agent' });
    const stranger = await createOrganization(policy);
    await expect(simulate('1', { caller: stranger })).rejects.toMatchObject({ code: 'unknown_agent' });
    expect(caller.organizationId).not.toBe(stranger.organizationId);
    await expect(simulate('0')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(simulate('1', { confidence: '2' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(simulate('1', { metadataJson: '[]' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
