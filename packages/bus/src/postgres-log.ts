import { randomUUID } from 'node:crypto';
import { type Listener, startListener } from '@aegis/postgres/listener';
import pg from 'pg';
import type { Log } from './log.ts';
import type { Bus, BusMessage, Subscription, SubscriptionOptions } from './port.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { Announcer } from './postgres-log/announcer.ts';
import { appendMessages, deliveriesOf } from './postgres-log/append.ts';
import { evictMembers } from './postgres-log/group-store.ts';
import { CHANNEL, decodeHint } from './postgres-log/hint.ts';
import { type Partition, Partitions } from './postgres-log/partition.ts';
import { deleteExpired, KEEP_FOR_MS } from './postgres-log/retention.ts';
import { LogSubscription } from './postgres-log/subscription.ts';
import { createTopics, readHeads } from './postgres-log/topics.ts';

export interface PostgresLogOptions {
  /** Works under the role `aegis_bus`. Two connections a subscription and two more are enough. */
  readonly pool: pg.Pool;
  /** The same database, to LISTEN on a connection of its own. */
  readonly url: string;
  /** Names this process in the groups. */
  readonly clientId: string;
  readonly log: Log;
  /** How often a member shows that it is alive. Default 1,000 ms. */
  readonly heartbeatMs?: number;
  /** How long the partitions of a process that vanished stay its own. Default 5,000 ms. */
  readonly leaseMs?: number;
  /** How often the log is looked at even if no hint came. Default 1,000 ms. */
  readonly sweepMs?: number;
  /** How long messages are kept. Default 7 days. */
  readonly keepForMs?: number;
  /** No other process uses this log. Then what a crashed predecessor owned is free at once, not when its lease is over. */
  readonly exclusive?: boolean;
}

/** Newest messages kept in memory of each partition for readers in this process. */
const TAIL_LIMIT = 1_000;
const RETENTION_EVERY_MS = 600_000;
const DEFAULTS = { heartbeatMs: 1_000, leaseMs: 5_000, sweepMs: 1_000, keepForMs: KEEP_FOR_MS, exclusive: false };

/**
 * The bus on tables of PostgreSQL: a durable log with partitions, offsets and consumer groups, shared by any number of
 * processes. One instance a process serves all its subscriptions best: what is published here reaches them without
 * another query.
 */
export function createPostgresLogBus(options: PostgresLogOptions): Bus {
  return new PostgresLogBus(options);
}

class PostgresLogBus implements Bus {
  readonly #options: Required<PostgresLogOptions>;
  readonly #instance = randomUUID();
  readonly #partitions = new Partitions();
  readonly #subscriptions = new Set<LogSubscription>();
  readonly #announcer: Announcer;
  readonly #publisher: Publisher;
  readonly #timers: readonly NodeJS.Timeout[];
  /** Whether other processes may be waiting for hints; cleared only by a heartbeat that saw none. */
  #others = true;
  #sweeping = false;
  #evicted: Promise<void> | undefined;
  #listener: Listener | undefined;

  constructor(options: PostgresLogOptions) {
    this.#options = { ...DEFAULTS, ...options };
    const { pool, log, sweepMs } = this.#options;
    this.#announcer = new Announcer(pool, this.#instance, log);
    this.#publisher = createPublisher({ append: (messages) => this.#append(messages), isMessageFault });
    this.#timers = [
      setInterval(() => void this.#sweep(), sweepMs).unref(),
      setInterval(() => void this.#deleteExpired(), RETENTION_EVERY_MS).unref(),
    ];
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    const faulty = messages.find(({ key, value }) => key.includes('\0') || value.includes('\0'));
    if (faulty)
      throw new RangeError(`a message for ${faulty.topic} holds a NUL character, which PostgreSQL cannot store`);
    await this.#publisher.publish(messages);
  }

  async subscribe(options: SubscriptionOptions): Promise<Subscription> {
    const { pool, clientId, log, exclusive, heartbeatMs, leaseMs } = this.#options;
    this.#listener ??= this.#listen();
    if (exclusive) await (this.#evicted ??= this.#evict());
    const subscription = new LogSubscription({
      ...options,
      pool,
      log,
      heartbeatMs,
      leaseMs,
      me: { group: options.group, member: `${clientId}-${randomUUID()}` },
      instance: this.#instance,
      partitions: this.#partitions,
      publish: (messages) => this.publish(messages),
      announceGroup: () => this.#groupChanged(options.group, subscription),
      onBeat: ({ others }) => (this.#others = others),
      onStopped: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    await subscription.start();
    return subscription;
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    await createTopics(this.#options.pool, topics);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await this.#publisher.drain();
    await this.#announcer.drain();
    await this.#listener?.stop();
  }

  async #append(messages: readonly BusMessage[]): Promise<void> {
    for (const appended of await appendMessages(this.#options.pool, messages)) {
      const partition = this.#partitions.get(appended.topic, appended.partition);
      partition.append(appended.first, deliveriesOf(appended), TAIL_LIMIT);
      if (this.#others) this.#announcer.grew(partition);
    }
  }

  #listen(): Listener {
    const { url, log } = this.#options;
    return startListener({
      url,
      channels: [CHANNEL],
      log,
      onNotify: (_channel, payload) => this.#onHint(payload),
      onListening: () => void this.#sweep(),
    });
  }

  #onHint(payload: string): void {
    if (payload.startsWith(this.#instance)) return;
    const { heads, groups } = decodeHint(payload);
    this.#others = true;
    for (const { topic, partition, head } of heads) this.#partitions.get(topic, partition).advance(head);
    for (const subscription of this.#subscriptions) {
      if (groups.includes(subscription.group)) subscription.groupChanged();
    }
  }

  #groupChanged(group: string, by: LogSubscription): void {
    for (const subscription of this.#subscriptions) {
      if (subscription !== by && subscription.group === group) subscription.groupChanged();
    }
    this.#announcer.groupChanged(group);
  }

  /** Finds what no hint told. */
  async #sweep(): Promise<void> {
    const topics = this.#partitions.followed();
    if (this.#sweeping || topics.length === 0) return;
    this.#sweeping = true;
    const known = this.#partitions.heads();
    try {
      for (const { topic, partition: number, head } of await readHeads(this.#options.pool, topics)) {
        const partition = this.#partitions.get(topic, number);
        if (head < (known.get(partition) ?? 0)) this.#rewind(partition, head);
        else partition.advance(head);
      }
    } catch (error) {
      this.#options.log.debug({ err: error }, 'sweep failed');
    } finally {
      this.#sweeping = false;
    }
  }

  /** What was known before the question was asked was durable; less than that means another state of the database. */
  #rewind(partition: Partition, head: number): void {
    const { topic, number } = partition;
    this.#options.log.error({ topic, partition: number, head, known: partition.head }, 'the log went back in time');
    partition.rewind(head);
    for (const subscription of this.#subscriptions) subscription.restart();
  }

  async #evict(): Promise<void> {
    const { pool, log } = this.#options;
    await evictMembers(pool).catch((error: unknown) => log.warn({ err: error }, 'leases of a predecessor stay'));
  }

  async #deleteExpired(): Promise<void> {
    const { log } = this.#options;
    await deleteExpired(this.#options).catch((error: unknown) => log.warn({ err: error }, 'retention failed'));
  }
}

/** Class 22: data that cannot be stored, or a topic that does not exist. 54: too large. */
function isMessageFault(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(?:22|54)/.test(error.code ?? '');
}
