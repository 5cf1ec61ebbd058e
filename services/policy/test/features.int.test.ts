import type { EventData } from '@aegis/contracts/events/catalog';
import { newId } from '@aegis/contracts/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Command, decideBatch, keyOf, type Resolution } from '../src/domain/batch.ts';
import { createOrganization, createPolicyDatabase, createReplica, type PolicyDatabase } from './policy-database.ts';
import { createRandom, SEED } from './random.ts';
import { account, policySet, rupees } from './samples.ts';

const random = createRandom(SEED);

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

type Submitted = EventData<'intent.submitted'>;

const MERCHANTS = ['Acme', 'ACME Ltd', 'acme.com', 'Rail Europe', 'Paper & Pens', null];
const THRESHOLD = { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value: 1_000 }] };

async function setUp(agentCount: number) {
  const organization = await createOrganization(store.open());
  const asking = await organization.policy({ name: 'Ask', action: 'require_approval', rules: THRESHOLD });
  const agents: string[] = [];
  for (let index = 0; index < agentCount; index += 1) agents.push(await organization.agent({ monthlyLimit: '20000' }));
  return { organization, asking, agents };
}

/** Amounts around the threshold of 1,000.00, over a few days. */
function randomIntent(index: number): Partial<Submitted> {
  return {
    money: rupees(random.pick([5_000, 60_000, 95_000, 99_900, 100_000, 150_000])),
    merchant: random.pick(MERCHANTS),
    createdAt: new Date(Date.parse('2026-03-02T00:00:00Z') + index * random.below(3_600_000)).toISOString(),
  };
}

describe(`whatever the batches (AEGIS_TEST_SEED=${SEED})`, () => {
  test('stored features are those of one uninterrupted run in memory', async () => {
    const { organization, asking, agents } = await setUp(3);
    const { organizationId } = organization;
    const replica = createReplica(store.open());
    const submissions = Array.from({ length: 200 }, (_, index) =>
      organization.submitted(random.pick(agents), randomIntent(index)),
    );
    const answered: Resolution[] = [];
    const commands: Command[] = [];
    const stamp = { decidedAt: '2026-03-05T10:00:01.000Z', decisionId: newId('dec') };
    for (let rest = submissions; rest.length > 0;) {
      const size = 1 + random.below(12);
      const batch = rest.slice(0, size);
      rest = rest.slice(size);
      await replica.handle(...batch);
      for (const { value, headers } of batch) {
        const origin = { organizationId, eventId: headers['ce_id'] ?? '', traceparent: null };
        commands.push({ kind: 'decide', ...origin, ...stamp, intent: JSON.parse(value) as Submitted });
      }
      const open = (await store.decisions(organizationId)).filter((decision) => !decision.final);
      const next = open.find(({ intentId }) => !answered.some((resolution) => resolution.intentId === intentId));
      if (!next) continue;
      const outcome = random.pick(['approved', 'rejected'] as const);
      await replica.handle(organization.resolved(next, outcome));
      const { intentId, agentId } = next;
      const origin = { organizationId, eventId: '', traceparent: null };
      const resolution = {
        ...origin,
        intentId,
        agentId,
        approvalId: newId('apr'),
        outcome,
        resolvedAt: stamp.decidedAt,
      };
      answered.push(resolution);
      commands.push({ kind: 'resolve', ...origin, decidedAt: stamp.decidedAt, resolution });
    }

    const pieces = new Map();
    const spenders = agents.map((agentId) =>
      account({ organizationId, agentId, monthlyLimit: 2_000_000n, pieces, name: 'Buyer' }),
    );
    const expected = decideBatch(commands, {
      accounts: new Map(spenders.map((spender) => [keyOf(organizationId, spender.agentId), spender])),
      policySets: new Map([[organizationId, policySet([asking])]]),
      rates: new Map(),
      shared: new Map(),
      counted: new Map(),
      facts: new Map(),
      decisions: new Map(),
      merchantKeys: new Map(),
      early: new Map(),
      maxOpenApprovals: 100,
    });
    const seen = (decisions: readonly EventData<'intent.decided'>[]) =>
      decisions.map(({ intentId, outcome, risk, context }) => ({ intentId, outcome, risk, context }));
    const actual = await store.decisions(organizationId);
    expect(answered.length).toBeGreaterThan(3);
    expect(actual.some(({ risk }) => risk.factors.some(({ name }) => name === 'structuring'))).toBe(true);
    expect(seen(actual)).toEqual(seen(expected.answers.map(({ data }) => data)));
  });

  test('replicas whose agents pay the same merchants count every piece once, and never wait for each other crosswise', async () => {
    const { organization, agents } = await setUp(12);
    const { organizationId } = organization;
    const merchants = Array.from({ length: 8 }, (_, index) => `Merchant ${String.fromCodePoint(65 + index)}`);
    const rounds = Array.from({ length: 4 }, () => createReplica(store.open())).map(async (replica, index) => {
      const own = agents.filter((_, place) => place % 4 === index);
      for (let round = 0; round < 10; round += 1) {
        const batch = random.shuffled(merchants).slice(0, 3);
        await replica.handle(
          ...batch.map((merchant) => organization.submitted(random.pick(own), { merchant, money: rupees(60_000) })),
        );
      }
    });
    await Promise.all(rounds);
    const decisions = await store.decisions(organizationId);
    const counted = decisions.filter(({ outcome }) => outcome === 'approved').length;
    const rows = await store.rows<{ pieces: unknown[] }>(
      'SELECT pieces FROM merchant_pieces WHERE organization_id = $1',
      [organizationId],
    );
    expect(decisions.length).toBe(120);
    expect(rows.reduce((sum, { pieces }) => sum + pieces.length, 0)).toBe(counted);
    const order = decisions
      .filter(({ outcome }) => outcome === 'approved')
      .map(({ context }) => context.features?.structuring?.pieces);
    // Each piece of a merchant saw all of those before it: 0, 1, 2, … for each of the eight.
    const expected = rows.flatMap(({ pieces }) => pieces.map((_, index) => index));
    expect(Map.groupBy(order, Number)).toEqual(Map.groupBy(expected, Number));
  });
});
