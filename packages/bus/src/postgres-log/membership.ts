import type pg from 'pg';
import type { Health } from '../health.ts';
import type { Log } from '../log.ts';
import { DEAD_LETTER_TOPIC } from '../port.ts';
import { assignmentOf } from './assignment.ts';
import { Claim, Lease } from './claim.ts';
import {
  acquire,
  beat,
  type Beat,
  createOffsets,
  leave,
  type Member,
  release,
  type TopicPartition,
} from './group-store.ts';
import type { Partitions } from './partition.ts';
import { createTopics } from './topics.ts';

export interface MembershipOptions {
  readonly pool: pg.Pool;
  readonly me: Member;
  /** The process, or rather its bus. */
  readonly instance: string;
  readonly topics: readonly string[];
  readonly partitions: Partitions;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly health: Health;
  readonly log: Log;
  /** There is something new to take. */
  readonly wake: () => void;
  /** Resolves when no batch taken so far is in flight and every offset is committed. */
  readonly settle: () => Promise<void>;
  /** Tells the other members that there is something to look at. */
  readonly announce: () => void;
  readonly onBeat: (beat: Beat) => void;
}

/** Keeps this member alive in its group, and takes and hands over partitions as members come and go. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #lease = new Lease();
  readonly #claims = new Map<string, Claim>();
  /** Being handed over: still ours in the database until the batch in flight has ended. */
  readonly #leaving = new Map<string, Promise<void>>();
  #joined = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;
  #again = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  claims(): Iterable<Claim> {
    return this.#claims.values();
  }

  /** Joins. When the database is out of reach, it goes on trying in the background. */
  async start(): Promise<void> {
    await this.poke();
    this.#options.announce();
  }

  /** Looks at the group now rather than at the next heartbeat. */
  poke(): Promise<void> {
    this.#again = true;
    this.#ticking ??= this.#tickUntilQuiet();
    return this.#ticking;
  }

  /** Gives everything back; what is in flight must have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#ticking;
    await Promise.all(this.#leaving.values());
    for (const claim of this.#claims.values()) claim.lose();
    this.#claims.clear();
    await leave(this.#options.pool, this.#options.me);
    this.#options.announce();
  }

  async #tickUntilQuiet(): Promise<void> {
    clearTimeout(this.#timer);
    const { health, heartbeatMs, log, me } = this.#options;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#tick();
        health.succeeded('group');
      } catch (error) {
        health.failed('group', error);
        log.warn({ err: error, group: me.group }, 'heartbeat failed');
      }
    }
    this.#ticking = undefined;
    if (!this.#stopped) this.#timer = setTimeout(() => void this.poke(), heartbeatMs);
  }

  async #tick(): Promise<void> {
    const { pool, me, instance, topics, leaseMs, health, onBeat } = this.#options;
    if (!this.#joined) {
      await createTopics(pool, [...topics, DEAD_LETTER_TOPIC]);
      await createOffsets(pool, me.group, topics);
      this.#joined = true;
    }
    const sentAt = performance.now();
    const state = await beat(pool, me, { instance, topics, leaseMs });
    this.#lease.renew(sentAt, leaseMs);
    onBeat(state);
    const others = state.members.filter((candidate) => candidate.member !== me.member);
    const wanted = assignmentOf(me.member, [...others, { member: me.member, topics }]);
    this.#dropLost(state.owned);
    this.#handOver(without(state.owned, new Set(wanted.map(nameOf))));
    await this.#take(wanted.filter((wish) => !this.#claims.has(nameOf(wish)) && !this.#leaving.has(nameOf(wish))));
    health.assigned = this.#claims.size > 0 || wanted.length === 0;
  }

  #dropLost(owned: readonly TopicPartition[]): void {
    const still = new Set(owned.map(nameOf));
    for (const [name, claim] of this.#claims) {
      if (!still.has(name)) claim.lose();
      if (!claim.isLost()) continue;
      this.#claims.delete(name);
      this.#options.log.warn({ group: this.#options.me.group, partition: name }, 'lost a partition');
    }
  }

  async #take(wanted: readonly TopicPartition[]): Promise<void> {
    if (wanted.length === 0) return;
    const { pool, me, partitions, wake, log } = this.#options;
    const acquired = await acquire(pool, me, wanted);
    for (const { topic, partition: number, committed, head } of acquired) {
      const partition = partitions.get(topic, number);
      this.#claims.set(nameOf({ topic, partition: number }), new Claim(partition, committed, this.#lease, wake));
      partition.advance(head);
    }
    if (acquired.length === 0) return;
    wake();
    log.debug(
      { group: me.group, partitions: acquired.length, missing: wanted.length - acquired.length },
      'took partitions',
    );
  }

  #handOver(given: readonly TopicPartition[]): void {
    const fresh = given.filter((partition) => !this.#leaving.has(nameOf(partition)));
    if (fresh.length === 0) return;
    for (const partition of fresh) {
      this.#claims.get(nameOf(partition))?.leave();
      this.#claims.delete(nameOf(partition));
    }
    const handedOver = this.#release(fresh);
    for (const partition of fresh) this.#leaving.set(nameOf(partition), handedOver);
  }

  /** When it fails, the next heartbeat finds the partitions owned but not wanted, and tries again. */
  async #release(given: readonly TopicPartition[]): Promise<void> {
    const { pool, me, log, settle, announce } = this.#options;
    try {
      await settle();
      await release(pool, me, given);
      announce();
      log.debug({ group: me.group, partitions: given.length }, 'handed over partitions');
    } catch (error) {
      log.warn({ err: error, group: me.group }, 'handing over partitions failed');
    } finally {
      for (const partition of given) this.#leaving.delete(nameOf(partition));
    }
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

function without(partitions: readonly TopicPartition[], names: ReadonlySet<string>): TopicPartition[] {
  return partitions.filter((partition) => !names.has(nameOf(partition)));
}
