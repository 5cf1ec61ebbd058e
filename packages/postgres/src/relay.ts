import { backOffMs, pause } from '@aegis/bus/back-off';
import type { Log } from '@aegis/bus/log';
import type { Bus } from '@aegis/bus/port';
import type pg from 'pg';
import type { Database } from './database.ts';
import { OUTBOX_SIGNAL } from './outbox.ts';
import { type Backlog, OutboxQueue, QUEUE_SESSION } from './outbox-queue.ts';
import { observeRelay } from './relay-metrics.ts';
import { Signal } from './signal.ts';
import { withTimeout } from './timeout.ts';

export interface RelayOptions {
  readonly database: Database;
  readonly bus: Pick<Bus, 'publish'>;
  readonly log: Log;
  /** Most rows published at once. Default 1,000. */
  readonly maxBatch?: number;
  /** How often to look without having been woken, in milliseconds. Default 1,000. */
  readonly sweepMs?: number;
}

/** The backlog is that of the replica which publishes; one that stands by reports none. */
export interface RelayHealth extends Backlog {
  /** False while the database or the bus refuses; true for one that stands by. */
  readonly ready: boolean;
  /** Whether this is the replica that publishes. */
  readonly leading: boolean;
  readonly published: number;
  readonly lastError: string | null;
}

export interface Relay {
  /** Something was committed. Commits of this process through `appendOutbox` call it themselves. */
  wake(): void;
  health(): RelayHealth;
  /** Finishes the batch in flight and lets another replica take over. */
  stop(): Promise<void>;
}

const SESSION = {
  ...QUEUE_SESSION,
  // The server notices within about ten seconds that the holder of the lease has vanished, and frees the lease.
  tcp_keepalives_idle: 4,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 10_000,
};

const EMPTY: Backlog = { lag: 0, oldestAgeMs: 0 };
const STANDBY_POLL_MS = 100;
const BACKLOG_INTERVAL_MS = 1_000;
const PUBLISH_TIMEOUT_MS = 30_000;
const END_TIMEOUT_MS = 1_000;

/**
 * Publishes the outbox of one schema in id order, and deletes what is published. Of several replicas one publishes, by a
 * session lock; the others try for it ten times a second. Two at once would only publish twice: each sees every
 * unpublished row of a key before a later one, so the first copies are in order whatever happens to the lease.
 * A failing publish is tried again for ever, with smaller batches, so that one message too large holds up no earlier one.
 */
export function startRelay(options: RelayOptions): Relay {
  const relay = new OutboxRelay(options);
  const forget = options.database.onSignal(OUTBOX_SIGNAL, relay.wake);
  const unobserve = observeRelay(options.database.schema, relay.health);
  const running = relay.run();
  return {
    wake: relay.wake,
    health: relay.health,
    async stop() {
      forget();
      relay.stop();
      await running;
      unobserve();
    },
  };
}

class OutboxRelay {
  readonly #options: Required<RelayOptions>;
  readonly #channel: string;
  readonly #woken = new Signal();
  readonly #stopping = new AbortController();
  #connected = false;
  #leading = false;
  #failures = 0;
  #batchLimit: number;
  #backlog = EMPTY;
  #backlogAt = 0;
  #published = 0;
  #lastError: string | null = null;

  constructor(options: RelayOptions) {
    this.#options = { maxBatch: 1_000, sweepMs: 1_000, ...options };
    this.#batchLimit = this.#options.maxBatch;
    this.#channel = `outbox_${options.database.schema}`;
  }

  readonly wake = (): void => this.#woken.set();

  readonly health = (): RelayHealth => ({
    ...this.#backlog,
    ready: this.#connected && this.#failures === 0,
    leading: this.#leading,
    published: this.#published,
    lastError: this.#lastError,
  });

  stop(): void {
    this.#stopping.abort();
    this.#woken.set();
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** One turn of the loop is one connection: it waits for the lease, publishes while it holds it, and ends with it. */
  async run(): Promise<void> {
    const { database } = this.#options;
    while (!this.#stopped) {
      let client: pg.Client | undefined;
      try {
        client = await database.connect({ ...SESSION, application_name: `${database.schema} relay` });
        client.on('end', this.wake);
        client.on('notification', this.wake);
        await this.#standBy(client);
        await this.#lead(client);
      } catch (error) {
        this.#connected = false;
        await this.#fail(error, 'outbox relay lost the database');
      } finally {
        this.#connected = false;
        this.#leading = false;
        this.#backlog = EMPTY;
        if (client) await withTimeout(client.end(), END_TIMEOUT_MS).catch(() => undefined);
      }
    }
  }

  /** Waits for the lease. Meanwhile passes this process' commits on to the replica that holds it. */
  async #standBy(client: pg.Client): Promise<void> {
    for (;;) {
      const lease = await client.query<{ held: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
        [`aegis.relay.${this.#options.database.schema}`],
      );
      this.#connected = true;
      this.#failures = 0;
      if (lease.rows[0]?.held || this.#stopped) return;
      if (await this.#woken.wait(STANDBY_POLL_MS)) await client.query('SELECT pg_notify($1, $2)', [this.#channel, '']);
    }
  }

  async #lead(client: pg.Client): Promise<void> {
    if (this.#stopped) return;
    await client.query(`LISTEN ${this.#channel}`);
    this.#leading = true;
    this.#options.log.info({ schema: this.#options.database.schema }, 'outbox relay publishes');
    const queue = new OutboxQueue(client);
    while (!this.#stopped) {
      await this.#drain(queue);
      await this.#woken.wait(this.#options.sweepMs);
    }
  }

  /** Publishes until nothing is left. */
  async #drain(queue: OutboxQueue): Promise<void> {
    let published: bigint[] = [];
    for (;;) {
      const entries = await queue.next(published, this.#batchLimit);
      if (this.#stopped) return;
      if (entries.length === 0) break;
      if (entries.length === this.#batchLimit) await this.#measure(queue);
      try {
        await withTimeout(this.#options.bus.publish(entries.map((entry) => entry.message)), PUBLISH_TIMEOUT_MS);
        published = entries.map((entry) => entry.id);
        this.#published += published.length;
        this.#failures = 0;
        this.#batchLimit = Math.min(this.#options.maxBatch, this.#batchLimit * 2);
      } catch (error) {
        published = [];
        this.#batchLimit = Math.max(1, Math.min(entries.length, this.#batchLimit) >> 1);
        await this.#measure(queue);
        await this.#fail(error, 'outbox relay cannot publish');
      }
      await queue.tidy();
    }
    this.#failures = 0;
    this.#backlog = EMPTY;
  }

  async #measure(queue: OutboxQueue): Promise<void> {
    const now = performance.now();
    if (now - this.#backlogAt < BACKLOG_INTERVAL_MS) return;
    this.#backlogAt = now;
    this.#backlog = await queue.backlog();
  }

  async #fail(error: unknown, message: string): Promise<void> {
    if (this.#stopped) return;
    const { schema } = this.#options.database;
    this.#failures += 1;
    this.#lastError = error instanceof Error ? error.message : String(error);
    const waitMs = backOffMs(this.#failures);
    this.#options.log.warn({ err: error, schema, failures: this.#failures, waitMs }, message);
    await pause(waitMs, this.#stopping.signal);
  }
}
