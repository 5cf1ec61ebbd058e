import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventData } from '@aegis/contracts/events/catalog';
import type { SimulatedIntent } from '../src/domain/simulation.ts';
import { simulateWindow, type WindowSimulation } from '../src/usecases/simulate-window.ts';
import { createOrganization, createPolicyDatabase, createReplica, type PolicyDatabase } from './policy-database.ts';
import { createRandom, SEED } from './random.ts';
import { rupees } from './samples.ts';

/** Multiplies the number of intents; 1 takes seconds. */
const SCALE = Number(process.env.AEGIS_TEST_SCALE ?? 1);
const random = createRandom(SEED);

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

const when = (field: string, operator: string, value: unknown) => ({
  match: 'all' as const,
  conditions: [{ field, operator, value }],
});

const TODAY = [
  { name: 'Ask above 2,000', priority: 10, action: 'require_approval', rules: when('amount_base', 'gt', 2_000) },
];
const STRICTER = [
  {
    name: 'Ask new merchants',
    priority: 30,
    action: 'require_approval',
    rules: when('merchant_seen_before', 'eq', false),
  },
  { name: 'Risky', priority: 20, action: 'deny', rules: when('risk_score', 'gte', 0.45) },
  { name: 'Ask above 1,000', priority: 10, action: 'require_approval', rules: when('amount_base', 'gt', 1_000) },
  { name: 'Too many', priority: 5, action: 'deny', rules: when('intents_last_hour', 'gte', 6) },
];
const LIMITS = { dailyLimit: '6000', monthlyLimit: '40000' };

type Organization = Awaited<ReturnType<typeof createOrganization>>;

/** The same submissions for every organisation that asks for them, by the place of the agent. */
function createSubmissions(count: number) {
  let at = Date.parse('2026-03-02T00:00:00Z');
  return Array.from({ length: count }, () => {
    at += random.pick([0, 60_000, 900_000, 7_200_000]);
    return {
      agent: random.below(4),
      intent: {
        money: rupees(random.pick([4_000, 60_000, 95_000, 99_000, 150_000, 260_000])),
        merchant: random.pick(['Acme', 'ACME Ltd', 'Rail Europe', 'Paper & Pens', null]),
        confidence: random.pick(['1', '0.5']),
        createdAt: new Date(at).toISOString(),
      } satisfies Partial<EventData<'intent.submitted'>>,
    };
  });
}

/** Lets an organisation decide them in batches of any size. Returns its first decisions in order. */
async function decideAll(
  organization: Organization,
  submissions: ReturnType<typeof createSubmissions>,
  answer: (decisions: Awaited<ReturnType<PolicyDatabase['decisions']>>) => ReturnType<Organization['resolved']>[],
) {
  const agents: string[] = [];
  for (let index = 0; index < 4; index += 1) agents.push(await organization.agent(index < 3 ? LIMITS : {}));
  const replica = createReplica(store.open(), { maxOpenApprovals: 8 });
  for (let rest = submissions; rest.length > 0;) {
    const size = 1 + random.below(20);
    const batch = rest.slice(0, size).map(({ agent, intent }) => organization.submitted(agents[agent] ?? '', intent));
    rest = rest.slice(size);
    await replica.handle(...batch);
    const answers = answer(await store.decisions(organization.organizationId));
    if (answers.length > 0) await replica.handle(...answers);
  }
  return (await store.decisions(organization.organizationId)).filter(({ approvalId }) => approvalId === null);
}

async function simulate(organization: Organization, options: Partial<WindowSimulation>) {
  const window = {
    from: null,
    to: null,
    policies: null,
    defaultAction: null,
    assumption: 'unanswered',
    ...options,
  } as const;
  const intents: SimulatedIntent[] = [];
  const deps = { database: store.open() };
  for await (const step of simulateWindow(deps, organization.caller, window, new AbortController().signal)) {
    intents.push(...step.intents);
    if (step.report) return { intents, report: step.report, replayed: step.replayed, total: step.total };
  }
  throw new Error('the simulation has no end');
}

const draft = (policy: (typeof STRICTER)[number]) => ({
  description: null,
  isActive: true,
  mode: 'enforce',
  approval: null,
  ...policy,
});

describe(`a simulation of stored history (AEGIS_TEST_SEED=${SEED})`, () => {
  test('predicts, intent by intent, what an organisation with the proposed policies decides about the same submissions', async () => {
    const today = await createOrganization(store.open());
    for (const policy of TODAY) await today.policy(policy);
    const stricter = await createOrganization(store.open());
    for (const policy of STRICTER) await stricter.policy(policy);
    const submissions = createSubmissions(600 * SCALE);
    const decided = await decideAll(today, submissions, () => []);
    const real = await decideAll(stricter, submissions, () => []);
    const { intents, report, replayed, total } = await simulate(today, { policies: STRICTER.map(draft) });
    const shape = ({ outcome, matchedPolicy, guards, reasons, risk, context }: (typeof real)[number]) => ({
      outcome,
      by: matchedPolicy.name,
      guards,
      reasons,
      risk,
      context,
    });
    expect(intents.map(({ after }) => shape(after))).toEqual(real.map(shape));
    expect(intents.map(({ before }) => shape(before))).toEqual(decided.map(shape));
    expect(report.intents).toBe(submissions.length);
    expect(report.changed).toBeGreaterThan(submissions.length / 10);
    expect([replayed, total]).toEqual([submissions.length, submissions.length]);
  });

  test('of the policies as they are predicts what was decided, with the answers that people gave, for any window', async () => {
    const organization = await createOrganization(store.open());
    for (const policy of TODAY) await organization.policy(policy);
    const answered = new Set<string>();
    const decided = await decideAll(organization, createSubmissions(300 * SCALE), (decisions) => {
      const open = decisions.filter(({ intentId, final }) => !final && !answered.has(intentId)).slice(0, 2);
      for (const { intentId } of open) answered.add(intentId);
      return open.map((decision) => organization.resolved(decision, random.pick(['approved', 'rejected', 'expired'])));
    });
    expect(answered.size).toBeGreaterThan(10);
    const outcomes = (list: readonly SimulatedIntent[]) =>
      list.map(({ before, after }) => [before.context, after.context]);
    const all = await simulate(organization, {});
    expect(all.report).toMatchObject({ intents: decided.length, changed: 0, newRequests: 0 });
    for (const [recorded, again] of outcomes(all.intents)) expect(again).toEqual(recorded);
    const from = new Date(decided[150]?.intentCreatedAt ?? 0);
    const to = new Date(decided[250]?.intentCreatedAt ?? 0);
    const part = await simulate(organization, { from, to });
    const inside = decided.filter(
      ({ intentCreatedAt: at }) => Date.parse(at) >= from.getTime() && Date.parse(at) < to.getTime(),
    );
    expect(part.report).toMatchObject({ intents: inside.length, changed: 0 });
    for (const [recorded, again] of outcomes(part.intents)) expect(again).toEqual(recorded);
  });

  test('refuses proposed policies that cannot be evaluated, all at once, and changes nothing', async () => {
    const organization = await createOrganization(store.open());
    const broken = draft({ name: 'x', priority: 1, action: 'maybe', rules: when('amuont', 'gt', 1) });
    await expect(
      simulate(organization, { policies: [draft(TODAY[0] as never), broken, broken] }),
    ).rejects.toMatchObject({
      code: 'invalid_policy',
      errors: [
        { path: 'policies[1].action' },
        { path: 'policies[1].rules.conditions[0].field' },
        { path: 'policies[2].action' },
        { path: 'policies[2].rules.conditions[0].field' },
      ],
    });
    expect((await simulate(organization, {})).report).toMatchObject({ intents: 0, changed: 0 });
  });
});
