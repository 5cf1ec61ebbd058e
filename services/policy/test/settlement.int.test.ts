import type { EventData } from '@aegis/contracts/events/catalog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putFxRates } from '../src/usecases/put-fx-rates.ts';
import {
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  message,
  type PolicyDatabase,
} from './policy-database.ts';
import { createRandom, SEED } from './random.ts';
import { rupees } from './samples.ts';

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

type Settled = EventData<'intent.settled'>;

async function setUp(terms: Parameters<Awaited<ReturnType<typeof createOrganization>>['agent']>[0] = {}) {
  const database = store.open();
  const organization = await createOrganization(database);
  const agentId = await organization.agent({ dailyLimit: '100', ...terms });
  const replica = createReplica(database);
  const submitted = organization.submitted(agentId);
  const { intentId } = JSON.parse(submitted.value) as { intentId: string };
  const tell =
    (type: 'intent.settled' | 'intent.cancelled') =>
    (minor: number, change: Partial<Settled> = {}) =>
      message(organization.organizationId, type, {
        intentId,
        agentId,
        money: rupees(minor),
        reference: type === 'intent.settled' ? 'ref-1' : null,
        final: true,
        confirmedBy: null,
        recordedAt: '2026-03-05T11:00:00.000Z',
        ...change,
      });
  return {
    database,
    organization,
    replica,
    agentId,
    intentId,
    submitted,
    settled: tell('intent.settled'),
    cancelled: (change: Partial<Settled> = {}) => tell('intent.cancelled')(0, change),
    resolved: (outcome: 'approved' | 'rejected') => organization.resolved({ intentId, agentId }, outcome),
    decisions: () => store.decisions(organization.organizationId),
    day: async () => (await store.budgets(organization.organizationId))[0]?.replace('day 2026-03-05: ', ''),
    status: async () =>
      (await store.rows<{ status: string }>('SELECT status FROM agents WHERE agent_id = $1', [agentId]))[0]?.status,
  };
}

const TOOL = { confirmedBy: 'key_tool' };
const REQUIRED = { settlement: 'required', settlementTolerancePercent: 10 };

describe('an intent that is captured at once', () => {
  test('is not made cheaper by the agent’s own word, but by a confirmed one', async () => {
    const { replica, submitted, settled, cancelled, day } = await setUp();
    await replica.handle(submitted, settled(3_000), cancelled());
    expect(await day()).toBe('5000 spent, 0 held');
    await replica.handle(settled(3_000, TOOL));
    expect(await day()).toBe('3000 spent, 0 held');
  });

  test('is free again once its cancellation is confirmed', async () => {
    const { replica, submitted, cancelled, day } = await setUp();
    await replica.handle(submitted, cancelled());
    expect(await day()).toBe('5000 spent, 0 held');
    await replica.handle(cancelled(TOOL), cancelled(TOOL));
    expect(await day()).toBe('0 spent, 0 held');
  });
});

describe('an intent that has to be settled', () => {
  test('holds its amount and the tolerance, and spends what is captured', async () => {
    const { replica, submitted, settled, day } = await setUp(REQUIRED);
    await replica.handle(submitted);
    expect(await day()).toBe('0 spent, 5500 held');
    await replica.handle(settled(2_000, { final: false, ...TOOL }));
    expect(await day()).toBe('2000 spent, 3500 held');
    await replica.handle(settled(3_400, { reference: 'ref-2', ...TOOL }));
    expect(await day()).toBe('5400 spent, 0 held');
  });

  test('frees the rest when it is cancelled after a part', async () => {
    const { replica, submitted, settled, cancelled, day } = await setUp(REQUIRED);
    await replica.handle(submitted, settled(2_000, { final: false }), cancelled());
    expect(await day()).toBe('5000 spent, 0 held');
    await replica.handle(cancelled(TOOL));
    expect(await day()).toBe('2000 spent, 0 held');
  });

  test('leaves no room that the tolerance needs', async () => {
    const { organization, replica, agentId, decisions } = await setUp({ ...REQUIRED, dailyLimit: '109.99' });
    await replica.handle(organization.submitted(agentId), organization.submitted(agentId));
    expect((await decisions()).map(({ matchedPolicy }) => matchedPolicy.name)).toEqual([
      'Default Allow',
      'Daily Limit',
    ]);
  });
});

describe('more than what was reserved', () => {
  test('is charged in full and suspends the agent, once it is confirmed', async () => {
    const { organization, replica, agentId, submitted, settled, day, status, decisions } = await setUp(REQUIRED);
    await replica.handle(submitted, settled(5_500, TOOL));
    expect(await status()).toBe('active');
    await replica.handle(settled(600, { reference: 'more', ...TOOL }), organization.submitted(agentId));
    expect(await day()).toBe('6100 spent, 0 held');
    expect(await status()).toBe('suspended');
    expect((await decisions()).at(-1)?.matchedPolicy.name).toBe('Agent Suspended');
    const told = (await store.events(organization.organizationId)).filter(({ type }) => type === 'agent.suspended');
    expect(told).toMatchObject([{ subject: agentId, actor: { id: 'policy' }, causationId: expect.any(String) }]);
  });
});

describe('a cancellation', () => {
  test('while people are asked ends in a denial and frees everything; their answer comes too late', async () => {
    const { organization, replica, submitted, cancelled, resolved, decisions, day } = await setUp();
    await organization.policy({ name: 'Ask', action: 'require_approval' });
    await replica.handle(submitted);
    expect(await day()).toBe('0 spent, 5000 held');
    await replica.handle(cancelled(), resolved('approved'));
    expect((await decisions()).at(-1)).toMatchObject({
      final: true,
      outcome: 'denied',
      approvalId: null,
      reasons: expect.arrayContaining(['The request was cancelled']),
    });
    expect(await day()).toBe('0 spent, 0 held');
  });
});

test('a settlement in another currency goes by the rate of the decision, rounded up once', async () => {
  const { database, organization, replica, agentId, intentId, settled, day } = await setUp({ dailyLimit: '' });
  await putFxRates({ database, clock }, organization.caller, [
    { currency: 'JPY', rate: '0.555', effectiveAt: '2026-03-05T00:00:00Z' },
  ]);
  const yen = (minor: number) => ({ money: { amountMinor: String(minor), currency: 'JPY', exponent: 0 } });
  await replica.handle(organization.submitted(agentId, { intentId, ...yen(101) }));
  expect(await day()).toBe('5606 spent, 0 held');
  const parts = [33, 33, 34].map((minor, index) =>
    settled(0, { ...yen(minor), reference: `part ${index}`, final: index === 2, ...TOOL }),
  );
  await replica.handle(...parts);
  expect(await day()).toBe('5550 spent, 0 held');
});

test(`the same events in any order, and however often, end in the same balances (AEGIS_TEST_SEED=${SEED})`, async () => {
  const random = createRandom(SEED);
  for (let round = 0; round < 12; round += 1) {
    const asked = random.below(2) === 0;
    const terms = random.pick([REQUIRED, {}]);
    const ends = new Set<string>();
    const history: [string, number | null][] = Array.from({ length: 1 + random.below(4) }, () =>
      random.below(4) === 0 ? ['cancel', null] : [`r${random.below(3)}`, random.below(2_000)],
    );
    const confirmed = history.map(() => random.below(2) === 0);
    // Who was first when people answer and the request is withdrawn matters: then only one of the two is told of.
    const answer = asked && !history.some(([kind]) => kind === 'cancel');
    for (let order = 0; order < 4; order += 1) {
      const { organization, replica, submitted, settled, cancelled, resolved, day } = await setUp(terms);
      if (asked) await organization.policy({ action: 'require_approval' });
      const events = [
        submitted,
        ...(answer ? [resolved('approved')] : []),
        ...history.map(([kind, minor], index) => {
          const by = { confirmedBy: confirmed[index] ? 'key_tool' : null };
          return minor === null ? cancelled(by) : settled(minor, { reference: kind, final: false, ...by });
        }),
      ];
      const delivered = order === 0 ? events : random.shuffled([...events, ...events]);
      for (const event of delivered) await replica.handle(event);
      ends.add((await day()) ?? '0 spent, 0 held');
    }
    expect([...ends], JSON.stringify({ asked, terms, history, confirmed })).toHaveLength(1);
  }
});

test('what intents count for sums to the budgets', async () => {
  const [sums] = await store.rows<{ compared: string; different: string }>(
    `SELECT count(*) AS compared,
            count(*) FILTER (WHERE (b.spent_minor, b.held_minor) IS DISTINCT FROM (d.spent, d.held)) AS different
     FROM (
       SELECT organization_id, agent_id, date_trunc('month', local_date)::date AS month,
              coalesce(sum(spent_minor), 0) AS spent, coalesce(sum(held_minor), 0) AS held
       FROM decisions GROUP BY 1, 2, 3
     ) AS d
     JOIN budgets b ON b.organization_id = d.organization_id AND b.agent_id = d.agent_id
                   AND b.window_kind = 'month' AND b.window_start = d.month`,
  );
  expect(Number(sums?.compared)).toBeGreaterThan(20);
  expect(Number(sums?.different)).toBe(0);
});
