import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ContradictionError } from '../src/domain/batch.ts';
import { setAgentStatus } from '../src/usecases/set-agent-status.ts';
import {
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  type PolicyDatabase,
} from './policy-database.ts';

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

/** An organisation that asks about everything, and one intent that waits. */
async function setUp(maxOpenApprovals = 100) {
  const database = store.open();
  const organization = await createOrganization(database);
  await organization.policy({ name: 'Ask', action: 'require_approval' });
  const replica = createReplica(database, { maxOpenApprovals });
  const agentId = await organization.agent({ dailyLimit: '100' });
  const submitted = organization.submitted(agentId);
  const { intentId } = JSON.parse(submitted.value) as { intentId: string };
  return {
    database,
    organization,
    replica,
    agentId,
    submitted,
    subject: { intentId, agentId },
    decisions: () => store.decisions(organization.organizationId),
    day: async () => (await store.budgets(organization.organizationId))[0],
    openApprovals: async () => {
      const text = 'SELECT open_approvals AS n FROM agents WHERE agent_id = $1';
      return (await store.rows<{ n: number }>(text, [agentId]))[0]?.n;
    },
  };
}

describe('an intent that waits for people', () => {
  test('holds its amount until they approve it, then has spent it', async () => {
    const { organization, replica, submitted, subject, decisions, day, openApprovals } = await setUp();
    await replica.handle(submitted);
    expect(await day()).toBe('day 2026-03-05: 0 spent, 5000 held');
    expect(await openApprovals()).toBe(1);
    const resolved = organization.resolved(subject, 'approved');
    await replica.handle(resolved);
    expect(await day()).toBe('day 2026-03-05: 5000 spent, 0 held');
    expect(await openApprovals()).toBe(0);
    expect(await decisions()).toMatchObject([
      { final: false, outcome: 'pending_approval', approvalId: null },
      {
        final: true,
        outcome: 'approved',
        policyDecision: 'require_approval',
        matchedPolicy: { name: 'Ask' },
        approvalId: JSON.parse(resolved.value).approvalId,
      },
    ]);
    const event = (await store.events(organization.organizationId)).at(-1);
    expect(event?.causationId).toBe(resolved.headers['ce_id']);
  });

  test.each(['rejected', 'expired'] as const)('gives its amount back when it is %s', async (outcome) => {
    const { organization, replica, submitted, subject, decisions, day, openApprovals } = await setUp();
    await replica.handle(submitted, organization.resolved(subject, outcome));
    expect(await day()).toBe('day 2026-03-05: 0 spent, 0 held');
    expect(await openApprovals()).toBe(0);
    expect((await decisions()).at(-1)).toMatchObject({ final: true, outcome: 'denied' });
  });

  test('is denied after all when its agent was suspended meanwhile', async () => {
    const { database, organization, replica, agentId, submitted, subject, decisions, day } = await setUp();
    await replica.handle(submitted);
    await setAgentStatus({ database, clock }, organization.caller, agentId, 'suspended');
    await replica.handle(organization.resolved(subject, 'approved'));
    expect((await decisions()).at(-1)).toMatchObject({ outcome: 'denied', matchedPolicy: { name: 'Agent Suspended' } });
    expect(await day()).toBe('day 2026-03-05: 0 spent, 0 held');
  });

  test('is denied after all without an exchange rate, of which it never held anything', async () => {
    const { organization, replica, agentId, decisions, day } = await setUp();
    const money = { amountMinor: '5000', currency: 'EUR', exponent: 2 };
    await replica.handle(organization.submitted(agentId, { money }));
    const [pending] = await decisions();
    expect(pending).toMatchObject({ outcome: 'pending_approval', guards: [{ name: 'Missing FX Rate' }] });
    if (pending) await replica.handle(organization.resolved(pending, 'approved'));
    expect((await decisions()).at(-1)).toMatchObject({ outcome: 'denied', matchedPolicy: { name: 'Missing FX Rate' } });
    expect(await day()).toBe('day 2026-03-05: 0 spent, 0 held');
  });

  test('keeps others out of the room that it holds, and lets them in when it is rejected', async () => {
    const { organization, replica, agentId, submitted, subject, decisions } = await setUp();
    const twice = () => [organization.submitted(agentId), organization.submitted(agentId)];
    await replica.handle(submitted, ...twice());
    await replica.handle(organization.resolved(subject, 'rejected'), ...twice());
    expect((await decisions()).map((decision) => decision.matchedPolicy.name)).toEqual([
      'Ask',
      'Ask',
      'Daily Limit',
      'Ask',
      'Ask',
      'Daily Limit',
    ]);
  });

  test('is one of as many as may wait; the next is denied until one is answered', async () => {
    const { organization, replica, agentId, submitted, subject, decisions } = await setUp(1);
    await replica.handle(submitted, organization.submitted(agentId));
    await replica.handle(organization.resolved(subject, 'expired'));
    await replica.handle(organization.submitted(agentId));
    expect((await decisions()).map((decision) => decision.matchedPolicy.name)).toEqual([
      'Ask',
      'Too Many Open Approvals',
      'Ask',
      'Ask',
    ]);
  });
});

describe('an answer of people', () => {
  test('delivered again, or another one later, changes nothing', async () => {
    const { organization, replica, submitted, subject, decisions, day } = await setUp();
    const resolved = organization.resolved(subject, 'approved');
    await replica.handle(submitted, resolved, resolved);
    await replica.handle(resolved, submitted, organization.resolved(subject, 'rejected'));
    expect((await decisions()).map((decision) => decision.outcome)).toEqual(['pending_approval', 'approved']);
    expect(await day()).toBe('day 2026-03-05: 5000 spent, 0 held');
  });

  test.each([
    ['in the same batch', true],
    ['in a batch of its own', false],
  ])('that comes before the submission %s waits for it', async (_, together) => {
    const { organization, replica, submitted, subject, decisions, day, openApprovals } = await setUp();
    const resolved = organization.resolved(subject, 'approved');
    if (together) await replica.handle(resolved, submitted);
    else {
      await replica.handle(resolved);
      await replica.handle(resolved);
      expect(await decisions()).toEqual([]);
      await replica.handle(submitted);
    }
    expect((await decisions()).map((decision) => decision.outcome)).toEqual(['pending_approval', 'approved']);
    expect(await day()).toBe('day 2026-03-05: 5000 spent, 0 held');
    expect(await openApprovals()).toBe(0);
    const [, cause] = (await store.events(organization.organizationId)).filter(
      (event) => event.type === 'intent.decided',
    );
    expect(cause?.causationId).toBe(resolved.headers['ce_id']);
  });

  test('about an intent that nobody was asked about changes nothing', async () => {
    const { organization, replica, decisions, day } = await setUp();
    const other = await createOrganization(store.open());
    const agentId = await other.agent();
    await replica.handle(other.submitted(agentId));
    const [allowed] = await store.decisions(other.organizationId);
    if (allowed) await replica.handle(other.resolved(allowed, 'rejected'), organization.resolved(allowed, 'rejected'));
    expect(await store.decisions(other.organizationId)).toMatchObject([{ outcome: 'approved' }]);
    expect(await decisions()).toEqual([]);
    expect(await day()).toBeUndefined();
  });

  test('that names another agent than the intent’s fails for good', async () => {
    const { organization, replica, submitted, subject } = await setUp();
    const stranger = await organization.agent();
    await replica.handle(submitted);
    const resolved = organization.resolved({ ...subject, agentId: stranger }, 'approved');
    await expect(replica.handle(resolved)).rejects.toThrow(ContradictionError);
  });
});
