import type { EncodedEvent } from '@aegis/contracts/events/envelope';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putBudgets } from '../src/usecases/put-budgets.ts';
import { type Limits, replayHistory } from './decision-history.ts';
import {
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  type PolicyDatabase,
} from './policy-database.ts';
import { createRandom, SEED } from './random.ts';
import { readHistory, readWindows } from './recorded-books.ts';
import { rupees } from './samples.ts';
import { clockChanges, HOUR_MS, printed } from './wall-clock.ts';

/** Multiplies the intents around each change of the clocks; 1 takes seconds. */
const SCALE = Number(process.env.AEGIS_TEST_SCALE ?? 1);
const INTENTS = 80 * SCALE;

const random = createRandom(SEED);

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

/** Three replicas: ten minutes behind, ten minutes ahead, and one whose clock goes a minute back at every look. */
function skewedReplicas() {
  const minutes = (count: number) => new Date(clock.now().getTime() + count * 60_000);
  let looks = 0;
  const clocks = [{ now: () => minutes(-10) }, { now: () => minutes(10) }, { now: () => minutes(-(looks += 1)) }];
  return clocks.map((skewed) => createReplica(store.open(), { clock: skewed, maxOpenApprovals: 10_000 }));
}

async function handleAll(replicas: ReturnType<typeof skewedReplicas>, messages: readonly EncodedEvent[]) {
  const queue = [...messages];
  await Promise.all(
    replicas.map(async (replica) => {
      while (queue.length > 0) await replica.handle(...queue.splice(0, 1 + random.below(12)));
    }),
  );
}

/** Later in the year than the clock of these tests, so that shared budgets are open. */
function changesOf(zone: string): number[] {
  return clockChanges(zone, 2026).filter((change) => change > clock.now().getTime());
}

describe(`whatever the replicas' clocks show (AEGIS_TEST_SEED=${SEED})`, () => {
  test.each([
    ['Europe/London', 2],
    ['America/New_York', 2],
    ['America/St_Johns', 2],
    ['America/Santiago', 2],
    ['Asia/Beirut', 2],
    ['Australia/Lord_Howe', 2],
    ['Pacific/Chatham', 2],
    ['Asia/Kathmandu', 0],
  ])('an intent counts in the day and the month that it was created in, in %s', async (timeZone, changes) => {
    const around = changesOf(timeZone);
    expect(around).toHaveLength(changes);
    const database = store.open();
    const organization = await createOrganization(database, { timeZone });
    const { organizationId, caller } = organization;
    await organization.policy({
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'confidence', operator: 'lt', value: 0.5 }] },
    });
    const own: Limits = { day: 60_000n, month: 300_000n };
    const all: Limits = { day: 150_000n, month: 500_000n };
    const terms = { dailyLimit: '600', monthlyLimit: '3000' };
    const agents = [await organization.agent(terms), await organization.agent(terms), await organization.agent(terms)];
    await putBudgets({ database, clock }, caller, [{ dailyLimit: '1500', monthlyLimit: '5000' }]);

    const monthEnd = Date.parse('2026-07-31T12:00:00Z');
    const created = new Map<string, number>();
    const messages = [...around, monthEnd].flatMap((middle) =>
      Array.from({ length: INTENTS }, () => {
        // Close to midnights and to the change itself, where an hour more or less is another day.
        const createdMs = middle + (random.below(73) - 36) * HOUR_MS + random.below(2 * HOUR_MS) - HOUR_MS;
        const agentId = random.pick(agents);
        const money = rupees(1 + random.below(20_000));
        const asks = random.below(4) === 0;
        const createdAt = new Date(createdMs).toISOString();
        const intent = organization.submitted(agentId, { money, createdAt, confidence: asks ? '0.1' : '0.9' });
        const { intentId } = JSON.parse(intent.value) as { intentId: string };
        created.set(intentId, createdMs);
        const outcome = random.pick(['approved', 'rejected', 'expired'] as const);
        return asks ? [intent, intent, organization.resolved({ intentId, agentId }, outcome)] : [intent, intent];
      }).flat(),
    );
    await handleAll(skewedReplicas(), random.shuffled(messages));

    const history = await readHistory(store, organizationId);
    for (const { decided } of history) {
      const { date, dayOfWeek, hourOfDay, dayOfMonth } = decided.context;
      const shown = printed(created.get(decided.intentId) ?? Number.NaN, timeZone);
      expect({ date, dayOfWeek, hourOfDay, dayOfMonth }).toEqual(shown);
    }
    const limits = new Map([['', all], ...agents.map((agentId) => [agentId, own] as const)]);
    const rules = { limits, wallets: new Map(), tolerancePercent: new Map(), payments: new Map() };
    const { faults, expected, last, denials } = replayHistory(history, rules);
    expect(faults).toEqual([]);
    expect(last.size).toBe(created.size);
    expect(await readWindows(store, organizationId)).toEqual(expected);
    expect([...denials.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThan(created.size / 20);
  });
});
