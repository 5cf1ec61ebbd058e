import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, DEAD_LETTER_TOPIC } from '@aegis/bus/port';
import { decodeEvent, type Event } from '@aegis/contracts/events/envelope';
import { TOPICS } from '@aegis/contracts/topics';
import { connectBus } from '@aegis/service/connect-bus';
import { eventually } from '@aegis/testkit/eventually';
import type { KafkaSource } from '@aegis/testkit/kafka';
import { type PolicyDatabase, silent } from './policy-database.ts';
import { type PolicyProcess, startPolicyProcess } from './policy-process.ts';
import type { Random } from './random.ts';

export type Moment = 'in a transaction' | 'at any moment';

/** After 10 seconds without a sign of life a member's partitions are given to others. */
const FROZEN_MS = 12_000;

/** Replicas of the service as processes of their own, on a real Kafka and one database. */
export interface PolicyCluster {
  readonly bus: Bus;
  /** Decisions that were published, by the id of their event. */
  readonly decided: ReadonlyMap<string, Event<'intent.decided'>>;
  /** Organisations of the messages that were given up. */
  readonly dead: readonly (string | undefined)[];
  readonly faults: { readonly all: number; readonly inTransaction: number };
  /** Kills a process and starts another in its place. Resolves when that has joined the group. */
  killOne(when: Moment): Promise<void>;
  /** Freezes a process for longer than its group waits for it: it goes on with work that another was given meanwhile. */
  freezeOne(when: Moment): Promise<void>;
  stop(): Promise<void>;
}

/** `random` chooses who is killed, and when. */
export async function startCluster(
  store: PolicyDatabase,
  source: KafkaSource,
  replicas: number,
  random: Random,
): Promise<PolicyCluster> {
  const kafka = await source.start();
  const bus = await connectBus(
    { adapter: 'kafka', kafka: { brokers: kafka.brokers, ssl: false } },
    { clientId: 'test', log: silent },
  );
  const decided = new Map<string, Event<'intent.decided'>>();
  const dead: (string | undefined)[] = [];
  await bus.subscribe({
    group: `test of ${new URL(store.url).pathname}`,
    topics: [TOPICS.decisions, DEAD_LETTER_TOPIC],
    handle: async (batch) => {
      for (const delivery of batch) {
        const event = delivery.topic === DEAD_LETTER_TOPIC ? null : decodeEvent(delivery);
        if (event?.type === 'intent.decided') decided.set(event.id, event);
        else dead.push(delivery.headers.ce_org);
      }
    },
  });
  const start = (name: string) => startPolicyProcess({ name, databaseUrl: store.url, brokers: kafka.brokers });
  const processes = Array.from({ length: replicas }, (_, index) => start(`policy ${index + 1}`));
  await Promise.all(processes.map(({ started }) => started));
  const faults = { all: 0, inTransaction: 0 };

  async function chooseVictim(when: Moment): Promise<number> {
    await sleep(random.below(when === 'in a transaction' ? 200 : 1_500));
    const name = when === 'in a transaction' ? await nameInTransaction(store) : null;
    const busy = processes.findIndex((candidate) => candidate.name === name);
    faults.all += 1;
    if (busy >= 0) faults.inTransaction += 1;
    return busy < 0 ? random.below(replicas) : busy;
  }

  return {
    bus,
    decided,
    dead,
    faults,
    async killOne(when) {
      const place = await chooseVictim(when);
      const victim = processes[place] as PolicyProcess;
      const gone = victim.kill();
      const next = start(victim.name);
      processes[place] = next;
      await Promise.all([gone, next.started]);
    },
    async freezeOne(when) {
      await processes[await chooseVictim(when)]?.freeze(FROZEN_MS);
    },
    async stop() {
      const codes = await Promise.all(processes.map((replica) => replica.stop()));
      await bus.close();
      await kafka.stop();
      if (codes.some((code) => code !== 0)) throw new Error(`processes ended with ${codes.join()} when asked to stop`);
    },
  };
}

/** A process that is in a transaction, as soon as there is one; null when nobody was for seconds. */
function nameInTransaction(store: PolicyDatabase): Promise<string | null> {
  const look = async () => {
    const [row] = await store.rows<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity
       WHERE datname = current_database() AND application_name ~ '^policy [0-9]+$' AND xact_start IS NOT NULL
       ORDER BY random() LIMIT 1`,
    );
    if (!row) throw new Error('nobody is in a transaction');
    return row.name;
  };
  return eventually<string | null>(look, { intervalMs: 1, timeoutMs: 3_000 }).catch(() => null);
}
