import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UnreadableEventError } from '@aegis/contracts/events/envelope';
import { setAgentStatus } from '../src/usecases/set-agent-status.ts';
import {
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  type PolicyDatabase,
  TRACEPARENT,
} from './policy-database.ts';
import { createRandom } from './random.ts';
import { AGENT_ID, rupees } from './samples.ts';

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

async function setUp(settings = {}) {
  const database = store.open();
  const organization = await createOrganization(database, settings);
  const { organizationId } = organization;
  return {
    database,
    organization,
    replica: createReplica(database),
    decisions: () => store.decisions(organizationId),
    budgets: () => store.budgets(organizationId),
  };
}

test('a submission becomes a decision, a count and an event, all at once', async () => {
  const { organization, replica, budgets } = await setUp();
  const agentId = await organization.agent({ dailyLimit: '100' });
  const submitted = organization.submitted(agentId);
  await replica.handle(submitted);
  const event = (await store.events(organization.organizationId)).at(-1);
  expect(event).toMatchObject({
    type: 'intent.decided',
    source: '/aegis/policy',
    subject: JSON.parse(submitted.value).intentId,
    causationId: submitted.headers['ce_id'],
    traceparent: TRACEPARENT,
    actor: { type: 'service', id: 'policy' },
    time: clock.now().toISOString(),
    data: { agentId, outcome: 'approved', matchedPolicy: { name: 'Default Allow' }, policySet: { version: 1 } },
  });
  expect(await budgets()).toEqual(['day 2026-03-05: 5000 spent, 0 held', 'month 2026-03-01: 5000 spent, 0 held']);
});

test('an event delivered five times counts once and is answered once, in one batch or in several', async () => {
  const { organization, replica, decisions, budgets } = await setUp();
  const agentId = await organization.agent();
  const submitted = organization.submitted(agentId);
  await replica.handle(submitted, submitted, submitted);
  await replica.handle(submitted);
  await createReplica(store.open()).handle(submitted);
  expect(await decisions()).toHaveLength(1);
  expect((await budgets())[0]).toBe('day 2026-03-05: 5000 spent, 0 held');
});

test('a batch that takes long to decide is committed in parts, so that none waits for all of it', async () => {
  const { organization, replica, decisions } = await setUp();
  const agentId = await organization.agent({ dailyLimit: '100' });
  for (let part = 0; part < 10; part += 1) {
    // The longest pattern, at which each text that is new comes near to one step an instruction and character.
    const value = `a.{${900 + part}}c`;
    await organization.policy({
      rules: { match: 'any', conditions: [{ field: 'reason', operator: 'matches', value }] },
    });
  }
  const random = createRandom(7);
  const reasons = Array.from(
    { length: 3 },
    () => `c${Array.from({ length: 1_999 }, () => random.pick(['a', 'b'])).join('')}`,
  );
  await replica.handle(...reasons.map((reason) => organization.submitted(agentId, { reason })));
  expect((await decisions()).map((decision) => decision.outcome)).toEqual(['approved', 'approved', 'denied']);
  const [transactions] = await store.rows<{ count: number }>(
    'SELECT count(DISTINCT xmin::text)::int AS count FROM decisions WHERE organization_id = $1',
    [organization.organizationId],
  );
  expect(transactions?.count).toBeGreaterThan(1);
}, 60_000);

test('a batch decides in its order: what fits is allowed until the limit is reached', async () => {
  const { organization, replica, decisions } = await setUp();
  const agentId = await organization.agent({ dailyLimit: '100' });
  const amounts = [6_000, 5_000, 4_000, 1];
  await replica.handle(...amounts.map((minor) => organization.submitted(agentId, { money: rupees(minor) })));
  expect((await decisions()).map((decision) => decision.matchedPolicy.name)).toEqual([
    'Default Allow',
    'Daily Limit',
    'Default Allow',
    'Daily Limit',
  ]);
});

test('an intent counts in the window of its creation on the organisation’s calendar, however late it is decided', async () => {
  const { organization, replica, budgets } = await setUp({ timeZone: 'America/New_York' });
  const agentId = await organization.agent();
  const createdAt = ['2026-03-01T04:59:59.999Z', '2026-03-01T05:00:00.000Z'];
  await replica.handle(...createdAt.map((time) => organization.submitted(agentId, { createdAt: time })));
  expect(await budgets()).toEqual([
    'day 2026-02-28: 5000 spent, 0 held',
    'day 2026-03-01: 5000 spent, 0 held',
    'month 2026-02-01: 5000 spent, 0 held',
    'month 2026-03-01: 5000 spent, 0 held',
  ]);
});

test('the agent’s own history feeds the risk of its next intent', async () => {
  const { organization, replica, decisions } = await setUp();
  const agentId = await organization.agent({ riskLevel: 'low' });
  const usual = (minor: number) => organization.submitted(agentId, { money: rupees(minor), confidence: '1' });
  await replica.handle(usual(900), usual(940), usual(980));
  await replica.handle(usual(1_020), usual(1_060), usual(1_100));
  await replica.handle(organization.submitted(agentId, { money: rupees(100_000), confidence: '1' }));
  const [first, , , , , sixth, large] = await decisions();
  expect(first?.risk.score).toBe('0.15');
  expect(sixth?.risk.score).toBe('0.02');
  expect(large?.risk).toMatchObject({ score: '0.37', factors: [{}, { name: 'amount_against_history' }] });
  expect(large?.context).toMatchObject({ historyCount: 6, historyMeanMinor: '1000' });
});

test('amounts beyond 2^53 are counted to the last unit', async () => {
  const { organization, replica, budgets } = await setUp({ baseCurrency: 'KWD' });
  const agentId = await organization.agent();
  const minor = 2n ** 70n + 1n;
  const money = { amountMinor: minor.toString(), currency: 'KWD', exponent: 3 };
  await replica.handle(...[1, 2, 3].map(() => organization.submitted(agentId, { money })));
  expect((await budgets())[0]).toBe(`day 2026-03-05: ${3n * minor} spent, 0 held`);
});

test('a suspended agent is denied from the acknowledgement on, and pays again once resumed', async () => {
  const { database, organization, replica, decisions } = await setUp();
  const agentId = await organization.agent();
  for (const status of ['suspended', 'active']) {
    await setAgentStatus({ database, clock }, organization.caller, agentId, status);
    await replica.handle(organization.submitted(agentId));
  }
  expect((await decisions()).map((decision) => decision.matchedPolicy.name)).toEqual([
    'Agent Suspended',
    'Default Allow',
  ]);
});

test('organisations in one batch are decided by their own settings and policies', async () => {
  const one = await setUp();
  const other = await setUp({ baseCurrency: 'USD', defaultAction: 'deny' });
  await one.organization.policy({ name: 'Ask', action: 'require_approval' });
  const [agent, otherAgent] = [await one.organization.agent(), await other.organization.agent()];
  await one.replica.handle(one.organization.submitted(agent), other.organization.submitted(otherAgent));
  expect(await one.decisions()).toMatchObject([{ outcome: 'pending_approval', matchedPolicy: { name: 'Ask' } }]);
  expect(await other.decisions()).toMatchObject([{ outcome: 'denied', matchedPolicy: { name: 'Default Deny' } }]);
});

describe('what cannot be decided', () => {
  test('an intent of an agent that is not registered is denied, not dropped', async () => {
    const { organization, replica, decisions, budgets } = await setUp();
    const submitted = organization.submitted(AGENT_ID);
    await replica.handle(submitted, submitted);
    await replica.handle(submitted);
    expect(await decisions()).toMatchObject([
      { outcome: 'denied', matchedPolicy: { name: 'Undecidable' }, policySet: { version: 1 } },
    ]);
    expect(await budgets()).toEqual([]);
  });

  test('the same one in two replicas at once is answered once', async () => {
    const { organization, decisions } = await setUp();
    const replicas = [1, 2, 3].map(() => createReplica(store.open()));
    for (let round = 0; round < 20; round += 1) {
      const submitted = organization.submitted(AGENT_ID);
      const attempts = await Promise.allSettled(replicas.map((replica) => replica.handle(submitted)));
      if (attempts.some((attempt) => attempt.status === 'rejected')) await replicas[0]?.handle(submitted);
    }
    expect(await decisions()).toHaveLength(20);
  });

  test('an amount that is not positive is denied and frees nothing', async () => {
    const { organization, replica, decisions, budgets } = await setUp();
    const agentId = await organization.agent();
    await replica.handle(organization.submitted(agentId), organization.submitted(agentId, { money: rupees(-4_000) }));
    expect((await decisions())[1]).toMatchObject({ outcome: 'denied', matchedPolicy: { name: 'Undecidable' } });
    expect((await budgets())[0]).toBe('day 2026-03-05: 5000 spent, 0 held');
  });

  test('a message that is no event fails its batch for good, so that the bus sets it apart', async () => {
    const { organization, replica, decisions } = await setUp();
    const agentId = await organization.agent();
    const good = organization.submitted(agentId);
    await expect(replica.handle(good, { ...good, value: '{}' })).rejects.toThrow(UnreadableEventError);
    expect(await decisions()).toEqual([]);
    await replica.handle(good, { ...good, headers: { ...good.headers, ce_type: 'intent.imagined' } });
    expect(await decisions()).toHaveLength(1);
  });
});

test('rules that this release cannot evaluate deny their organisation’s intents and hold up nobody else’s', async () => {
  const broken = await setUp();
  const healthy = await setUp();
  await broken.organization.policy({ name: 'Old' });
  await store.rows(
    `UPDATE policy_versions SET rules = '{"match":"all","conditions":[{"field":"gone","operator":"eq","value":1}]}'
                    WHERE organization_id = $1`,
    [broken.organization.organizationId],
  );
  const agents = [await broken.organization.agent(), await healthy.organization.agent()] as const;
  await broken.replica.handle(broken.organization.submitted(agents[0]), healthy.organization.submitted(agents[1]));
  expect(await broken.decisions()).toMatchObject([{ outcome: 'denied', matchedPolicy: { name: 'Undecidable' } }]);
  expect(await healthy.decisions()).toMatchObject([{ outcome: 'approved' }]);
});
