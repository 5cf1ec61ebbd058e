import type { EncodedEvent } from '@aegis/contracts/events/envelope';
import { eventually } from '@aegis/testkit/eventually';
import { findKafka } from '@aegis/testkit/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLedger } from '../src/usecases/check-ledger.ts';
import { createIntent, openWorld, restOf, submit, type World, type WorldOptions } from './crowded-world.ts';
import { replayHistory } from './decision-history.ts';
import { type PolicyCluster, startCluster } from './policy-cluster.ts';
import { createPolicyDatabase, type Decided, type PolicyDatabase } from './policy-database.ts';
import { createRandom, SEED } from './random.ts';
import { readHistory, readWindows } from './recorded-books.ts';
import { rupees } from './samples.ts';

/** Rounds of intents; one takes about 15 seconds, most of which the group waits for members that were killed. Every third freezes one. */
const ROUNDS = Number(process.env.AEGIS_TEST_SCALE ?? 1);
const REPLICAS = 4;
const dates = Math.min(ROUNDS + 1, 28);
const CAPTURED: WorldOptions = { others: 6, settles: false, dates };
const SETTLED: WorldOptions = { others: 2, settles: true, dates };
const PER_ROUND = [1_200, 800];

const source = await findKafka();
/** What is submitted must not depend on timing, so those who run beside each other choose by numbers of their own. */
const [traffic, deaths] = [createRandom(SEED), createRandom(SEED + 1)];

describe.skipIf(!source)(`four processes on Kafka from ${source?.name} (AEGIS_TEST_SEED=${SEED})`, () => {
  let store: PolicyDatabase;
  let cluster: PolicyCluster;
  beforeAll(async () => {
    store = await createPolicyDatabase();
    if (source) cluster = await startCluster(store, source, REPLICAS, deaths);
  });
  afterAll(async () => {
    await cluster.stop();
    await store.close();
  });

  /** Every message one to three times, out of order, in portions that follow one another, while processes fail. */
  async function publishUnderFire(messages: readonly EncodedEvent[], fault: 'kill' | 'freeze'): Promise<void> {
    const copies = messages.flatMap((item) => Array<EncodedEvent>(traffic.pick([1, 1, 1, 2, 3])).fill(item));
    const shuffled = traffic.shuffled(copies);
    const publish = async () => {
      for (let sent = 0; sent < shuffled.length; sent += 100) {
        await cluster.bus.publish(shuffled.slice(sent, sent + 100));
      }
    };
    const first = fault === 'kill' ? cluster.killOne('in a transaction') : cluster.freezeOne('in a transaction');
    await Promise.all([publish(), first, cluster.killOne('at any moment')]);
  }

  /**
   * Resolves when everything that was published about the agents has been handled: on each of their partitions comes one
   * more intent, in a month with room for it, which a person refuses.
   */
  async function drained(world: World): Promise<void> {
    const fields = { money: rupees(1), merchantCategory: null, confidence: '0', createdAt: '2026-04-15T10:00:00.000Z' };
    const markers = world.agents.map((agentId) => ({ agentId, ...submit(world, { agentId, ...fields }) }));
    await cluster.bus.publish(
      markers.flatMap((marker) => [marker.intent, world.organization.resolved(marker, 'rejected')]),
    );
    const ended = async () => {
      const rows = await store.rows(`SELECT FROM decisions WHERE intent_id = ANY ($1) AND outcome = 'denied'`, [
        markers.map(({ intentId }) => intentId),
      ]);
      return rows.length === markers.length;
    };
    await eventually(ended, { timeoutMs: 60_000, intervalMs: 100 });
  }

  const windows = ({ organization, rules }: World) => readWindows(store, organization.organizationId, rules.wallets);

  /** The record has no fault, the books are what follows from it, and it was told to everybody else as it stands. */
  async function check(world: World) {
    const { caller, organizationId } = world.organization;
    const history = await readHistory(store, organizationId);
    const { faults, expected, ...result } = replayHistory(history, world.rules);
    expect(faults.slice(0, 5)).toEqual([]);
    expect(new Set(result.last.keys())).toEqual(world.submitted);
    expect(await windows(world)).toEqual(expected);
    const ledger = await checkLedger({ database: store.open() }, caller);
    expect(ledger.differences).toEqual([]);
    expect(ledger.compared).toBeGreaterThan(20);
    const recorded = history.map(({ decided }) => nameOf(decided)).toSorted();
    await eventually(
      () => {
        const published = [...cluster.decided.values()].filter((event) => event.organizationId === organizationId);
        expect(published.map(({ data }) => nameOf(data)).toSorted()).toEqual(recorded);
      },
      { timeoutMs: 60_000, intervalMs: 200 },
    );
    return result;
  }

  test(
    'killed or frozen at any moment, never pass a limit, deny only without room, decide once and leave no hold behind',
    { timeout: 120_000 + ROUNDS * 60_000 },
    async () => {
      const worlds = [await openWorld(store, CAPTURED), await openWorld(store, SETTLED)];
      for (let round = 0; round < ROUNDS; round += 1) {
        const intents = worlds.flatMap((world, index) =>
          Array.from({ length: PER_ROUND[index] ?? 0 }, () => createIntent(world, traffic, round, dates)),
        );
        await publishUnderFire(intents.flat(), round % 3 === 2 ? 'freeze' : 'kill');
      }

      const rest: EncodedEvent[] = [];
      for (const world of worlds) {
        await drained(world);
        const { denials, last } = await check(world);
        // Limits of every kind had their part in it.
        for (const purse of ['agent', 'organization', 'travel', 'software']) {
          const times = [...denials].reduce((sum, [name, count]) => sum + (name.startsWith(purse) ? count : 0), 0);
          expect(times, `denials by a limit of ${purse}`).toBeGreaterThan(5);
        }
        rest.push(...restOf(world, last));
      }
      await publishUnderFire(rest, 'kill');
      for (const world of worlds) {
        await drained(world);
        await check(world);
        expect([...(await windows(world))].filter(([, used]) => !used.endsWith('/0'))).toEqual([]);
      }
      expect(cluster.faults.all).toBe(2 * (ROUNDS + 1));
      expect(cluster.faults.inTransaction).toBeGreaterThan(ROUNDS / 2);
      const organizations = new Set<string | undefined>(worlds.map(({ organization }) => organization.organizationId));
      expect(cluster.dead.filter((organizationId) => organizations.has(organizationId))).toEqual([]);
    },
  );
});

function nameOf({ intentId, decisionId, final, outcome }: Decided): string {
  return `${intentId} ${decisionId} ${final ? 'final' : 'open'} ${outcome}`;
}
