import type { EncodedEvent } from '@aegis/contracts/events/envelope';
import type { EventData } from '@aegis/contracts/events/catalog';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { CommitUnknownError } from '@aegis/postgres/errors';
import { startTcpProxy } from '@aegis/testkit/tcp-proxy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decide } from '../src/domain/decide.ts';
import { policySetDigest } from '../src/domain/policy-set.ts';
import { loadPolicySet } from '../src/store/policy-sets.ts';
import { compilePolicies } from '../src/usecases/policy-set-cache.ts';
import { verifyDecisions } from '../src/usecases/verify-decisions.ts';
import { updatePolicy } from '../src/usecases/update-policy.ts';
import {
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  type Decided,
  type PolicyDatabase,
} from './policy-database.ts';
import { createRandom, SEED } from './random.ts';
import { EVERYTHING, verification } from './verification.ts';
import { rupees } from './samples.ts';

/** Multiplies the number of intents; 1 takes seconds. */
const SCALE = Number(process.env.AEGIS_TEST_SCALE ?? 1);

const random = createRandom(SEED);

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

interface Spender {
  readonly agentId: string;
  readonly limit: bigint;
}

type Organization = Awaited<ReturnType<typeof createOrganization>>;

/** Agents whose limits leave room for a fraction of what they will ask for. */
async function createSpenders(organization: Organization, count: number): Promise<Spender[]> {
  const spenders: Spender[] = [];
  for (let index = 0; index < count; index += 1) {
    const limit = BigInt(5_000 + random.below(15_000));
    spenders.push({ agentId: await organization.agent({ monthlyLimit: String(limit) }), limit: limit * 100n });
  }
  return spenders;
}

function inBatches<T>(items: readonly T[], most: number): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length;) {
    const size = 1 + random.below(most);
    batches.push(items.slice(start, start + size));
    start += size;
  }
  return batches;
}

/** Every submission one to `copies` times, all of them out of order. */
function delivered(messages: readonly EncodedEvent[], copies: number): EncodedEvent[] {
  return random.shuffled(messages.flatMap((message) => Array<EncodedEvent>(1 + random.below(copies)).fill(message)));
}

interface Faults {
  readonly onFailure: (error: unknown) => void;
  /** Runs beside every attempt. */
  readonly meanwhile?: () => Promise<void>;
}

const NO_FAULTS: Faults = {
  onFailure: (error) => {
    throw error;
  },
};

/** As the bus does: a batch that fails is delivered again until it succeeds. */
async function deliver(
  replica: ReturnType<typeof createReplica>,
  batch: readonly EncodedEvent[],
  { onFailure, meanwhile }: Faults,
): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const [handled] = await Promise.allSettled([replica.handle(...batch), meanwhile?.()]);
    if (handled.status === 'fulfilled') return;
    onFailure(handled.reason);
  }
  throw new Error('the batch never succeeded');
}

/** Replicas take batches from one queue, as many at a time as there are replicas. */
async function runAll(
  replicas: readonly ReturnType<typeof createReplica>[],
  batches: EncodedEvent[][],
  faults: Faults = NO_FAULTS,
): Promise<void> {
  const queue = [...batches];
  await Promise.all(
    replicas.map(async (replica) => {
      for (let batch = queue.shift(); batch; batch = queue.shift()) await deliver(replica, batch, faults);
    }),
  );
}

function byIntent(decisions: readonly Decided[]): Map<string, Decided[]> {
  return Map.groupBy(decisions, (decision) => decision.intentId);
}

/** Budgets hold exactly what the decisions say, within the limits, and each denial found no room. */
async function checkBudgets(organizationId: string, spenders: readonly Spender[], asked: number): Promise<Decided[]> {
  const decisions = await store.decisions(organizationId);
  expect(byIntent(decisions).size).toBe(asked);
  const last = [...byIntent(decisions).values()].map((history) => history.at(-1) as Decided);
  const budgets = await store.rows<{ agent_id: string; spent: string; held: string }>(
    `SELECT agent_id, spent_minor AS spent, held_minor AS held FROM budgets
     WHERE organization_id = $1 AND window_kind = 'month'`,
    [organizationId],
  );
  for (const { agentId, limit } of spenders) {
    const sum = (outcome: Decided['outcome']) =>
      last
        .filter((decision) => decision.agentId === agentId && decision.outcome === outcome)
        .reduce((total, decision) => total + BigInt(decision.money.amountMinor), 0n);
    const budget = budgets.find((row) => row.agent_id === agentId);
    expect(BigInt(budget?.spent ?? 0)).toBe(sum('approved'));
    expect(BigInt(budget?.held ?? 0)).toBe(sum('pending_approval'));
    expect(sum('approved') + sum('pending_approval') <= limit).toBe(true);
  }
  for (const { outcome, context, money, approvalId } of decisions) {
    if (approvalId !== null) continue;
    const after = BigInt(context.monthlySpentMinor) + BigInt(context.monthlyHeldMinor) + BigInt(money.amountMinor);
    expect(outcome === 'denied').toBe(after > BigInt(context.monthlyLimitMinor ?? 0));
  }
  return decisions;
}

describe(`whatever the order, the faults and the competition (AEGIS_TEST_SEED=${SEED})`, () => {
  test('replicas that share agents never overspend, and deny only when no room remains', async () => {
    const organization = await createOrganization(store.open());
    const spenders = await createSpenders(organization, 20);
    const replicas = [1, 2, 3].map(() => createReplica(store.open()));
    const submissions = Array.from({ length: 1_500 * SCALE }, () =>
      organization.submitted(random.pick(spenders).agentId, { money: rupees(1 + random.below(100_000)) }),
    );
    await runAll(replicas, inBatches(delivered(submissions, 2), 60));
    const decisions = await checkBudgets(organization.organizationId, spenders, submissions.length);
    const outcomes = Map.groupBy(decisions, (decision) => decision.outcome);
    expect(outcomes.get('approved')?.length).toBeGreaterThan(100);
    expect(outcomes.get('denied')?.length).toBeGreaterThan(100);
  });

  test('each intent ends once, however often and in whatever order its events come', async () => {
    const organization = await createOrganization(store.open());
    await organization.policy({
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'confidence', operator: 'lt', value: 0.5 }] },
    });
    const spenders = await createSpenders(organization, 10);
    const replicas = [1, 2].map(() => createReplica(store.open(), { maxOpenApprovals: 10_000 }));
    const messages = Array.from({ length: 600 * SCALE }, () => {
      const { agentId } = random.pick(spenders);
      const money = rupees(1 + random.below(50_000));
      const submitted = organization.submitted(agentId, { money, confidence: random.pick(['0.1', '0.9']) });
      const { intentId } = JSON.parse(submitted.value) as EventData<'intent.submitted'>;
      const outcome = random.pick(['approved', 'rejected', 'expired', 'approved'] as const);
      return [submitted, organization.resolved({ intentId, agentId }, outcome)];
    });
    await runAll(replicas, inBatches(delivered(messages.flat(), 5), 80));
    const decisions = await checkBudgets(organization.organizationId, spenders, messages.length);
    for (const history of byIntent(decisions).values()) {
      expect(history.filter((decision) => decision.final)).toHaveLength(1);
      expect(history.at(-1)?.final).toBe(true);
    }
    expect(decisions.filter((decision) => decision.approvalId !== null).length).toBeGreaterThan(50);
    const open = await store.rows('SELECT FROM agents WHERE organization_id = $1 AND open_approvals <> 0', [
      organization.organizationId,
    ]);
    expect(open).toEqual([]);
  });

  test('server processes that are killed at any moment cost nothing and count nothing twice', async () => {
    const organization = await createOrganization(store.open());
    const spenders = await createSpenders(organization, 8);
    const submissions = Array.from({ length: 1_000 * SCALE }, () =>
      organization.submitted(random.pick(spenders).agentId, { money: rupees(1 + random.below(100_000)) }),
    );
    const application = 'policy to be killed';
    const replicas = [1, 2].map(() => createReplica(store.open({ applicationName: application })));
    const kill = () =>
      store.rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = $1 AND datname = current_database() AND state <> 'idle' LIMIT 1`,
        [application],
      );
    let failures = 0;
    await runAll(replicas, inBatches(delivered(submissions, 2), 40), {
      onFailure: () => (failures += 1),
      meanwhile: async () => void (random.below(10) < 4 && (await kill())),
    });
    expect(failures).toBeGreaterThan(5);
    await checkBudgets(organization.organizationId, spenders, submissions.length);
  });

  test('a connection that is lost at COMMIT holds nothing twice and loses nothing', async () => {
    const proxy = await startTcpProxy(store.url);
    const organization = await createOrganization(store.open());
    const spenders = await createSpenders(organization, 5);
    const replica = createReplica(store.open({ url: proxy.via(store.url) }));
    const submissions = Array.from({ length: 300 * SCALE }, () =>
      organization.submitted(random.pick(spenders).agentId, { money: rupees(1 + random.below(100_000)) }),
    );
    let unknown = 0;
    proxy.judge((chunk) => (chunk.includes('COMMIT') ? random.pick(['forward', 'cut', 'cut-answer']) : 'forward'));
    await runAll([replica], inBatches(submissions, 10), {
      onFailure: (error) => void (error instanceof CommitUnknownError && (unknown += 1)),
    });
    proxy.judge(() => 'forward');
    expect(unknown).toBeGreaterThan(5);
    await checkBudgets(organization.organizationId, spenders, submissions.length);
    await proxy.stop();
  });

  test('every decision follows from the policy set that it names, and none from one older than acknowledged', async () => {
    const database = store.open();
    const organization = await createOrganization(database);
    const { organizationId, caller } = organization;
    const flipped = await organization.policy({
      name: 'Flipped',
      rules: { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value: 500 }] },
    });
    const agents = [await organization.agent(), await organization.agent()];
    const replicas = [1, 2].map(() => createReplica(store.open()));
    const submissions = new Map<string, EventData<'intent.submitted'>>();
    let acknowledged = 2;
    let running = true;

    async function flip(): Promise<void> {
      for (let round = 0; round < 60 * SCALE; round += 1) {
        const value = random.pick([100, 500, 900]) + (round + 1) / 100;
        const rules = { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value }] };
        await updatePolicy({ database, clock }, caller, flipped.id, {
          rules,
          action: random.pick(['deny', 'allow', 'require_approval']),
        });
        acknowledged += 1;
      }
      running = false;
    }

    const stale: string[] = [];
    async function submit(replica: ReturnType<typeof createReplica>): Promise<void> {
      while (running) {
        const messages = Array.from({ length: 5 }, () =>
          organization.submitted(random.pick(agents), { money: rupees(1 + random.below(100_000)) }),
        );
        const intents = messages.map((message) => JSON.parse(message.value) as EventData<'intent.submitted'>);
        for (const intent of intents) submissions.set(intent.intentId, intent);
        const atStart = acknowledged;
        await replica.handle(...messages);
        const used = await store.rows<{ intent_id: string }>(
          'SELECT intent_id FROM decisions WHERE intent_id = ANY ($1) AND policy_set_version < $2',
          [intents.map((intent) => intent.intentId), atStart],
        );
        stale.push(...used.map((row) => row.intent_id));
      }
    }

    await Promise.all([flip(), ...replicas.map(submit)]);
    expect(stale).toEqual([]);
    const decisions = await store.decisions(organizationId);
    expect(new Set(decisions.map((decision) => decision.policySet.version)).size).toBeGreaterThan(10);
    for (const decision of decisions) {
      const { version, hash } = decision.policySet;
      const set = await database.read(ALL_ORGANIZATIONS, (tx) => loadPolicySet(tx, organizationId, version));
      const intent = submissions.get(decision.intentId);
      if (!set || !intent) throw new Error('the record is incomplete');
      expect(hash).toBe(policySetDigest(organizationId, version, set.settings, set.policies));
      const again = decide(intent, decision.context, compilePolicies(set));
      const { policyDecision, matchedPolicy, reasons, risk, approvalTerms } = decision;
      expect(again).toMatchObject({ policyDecision, matchedPolicy, reasons, risk, approvalTerms });
    }
    const verified = await verification(
      verifyDecisions({ database }, caller, EVERYTHING, new AbortController().signal),
    );
    expect(verified).toMatchObject({ total: decisions.length, same: decisions.length, done: true });
  });
});
