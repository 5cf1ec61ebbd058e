import type { Admin, Consumer, Kafka, RetryOptions } from 'kafkajs';
import { backOffMs, pause } from '../back-off.ts';
import { createBatchRunner } from '../batch-runner.ts';
import { Health } from '../health.ts';
import type { Log } from '../log.ts';
import {
  type BusMessage,
  DEAD_LETTER_TOPIC,
  PARTITIONS_PER_TOPIC,
  type Subscription,
  type SubscriptionHealth,
  type SubscriptionOptions,
} from '../port.ts';
import { BatchCollector } from './batch-collector.ts';
import { isWarmingUp } from './error-type.ts';
import { LagTracker } from './lag.ts';

export interface KafkaSubscriptionOptions extends SubscriptionOptions {
  readonly kafka: Kafka;
  readonly admin: () => Promise<Admin>;
  readonly retry: RetryOptions;
  readonly publish: (messages: readonly BusMessage[]) => Promise<void>;
  readonly ensureTopics: (topics: readonly string[]) => Promise<void>;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** A consumer that has had messages waiting for so long without handling any is replaced. */
  readonly stallMs: number;
  readonly log: Log;
  readonly onStopped: () => void;
}

/** How long the broker may hold back the answer to a fetch when there is nothing; the first message ends the wait. */
const MAX_WAIT_MS = 100;
/** With `lingerMs`, the broker holds the answer back until there are so many bytes, or the time is over. */
const COMPANY_BYTES = 1_000_000;
const CHECK_EVERY_MS = 1_000;
const LAG_EVERY_MS = 5_000;
/** A fetch is answered within milliseconds; without an answer for so long, the broker is away. */
const FETCH_TIMEOUT_MS = 3_000;
const START_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BATCH = 1_000;

/**
 * One member of a group. kafkajs ends a consumer in several ways (restarting by itself, not restarting, or without a
 * word); here every one of them ends in a new consumer after a capped back-off, and nothing else restarts.
 */
export class KafkaSubscription implements Subscription {
  readonly #options: KafkaSubscriptionOptions;
  readonly #health = new Health();
  readonly #lag = new LagTracker();
  readonly #stopping = new AbortController();
  readonly #collector: BatchCollector;
  #loop: Promise<void> | undefined;
  #failures = 0;
  #fetchedAt = performance.now();
  #failingSince = performance.now();

  constructor(options: KafkaSubscriptionOptions) {
    this.#options = options;
    const { signal } = this.#stopping;
    this.#collector = new BatchCollector({
      maxBatch: options.maxBatch ?? DEFAULT_MAX_BATCH,
      heartbeatMs: options.heartbeatMs,
      stopping: signal,
      runBatch: createBatchRunner({
        ...options,
        stopping: signal,
        onAttempt: (outcome) => {
          if (outcome === 'handled') this.#health.succeeded('handle');
          else this.#health.failed('handle', outcome.error);
        },
      }),
      onProgress: (topic, partition, next) => {
        this.#lag.handled(topic, partition, next);
        this.#health.progressed();
      },
    });
  }

  /** Resolves once the group is joined; when that does not succeed at first, it goes on in the background. */
  start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, START_TIMEOUT_MS);
    this.#loop = this.#run(resolve);
    return promise.finally(() => clearTimeout(timer));
  }

  health(): SubscriptionHealth {
    return this.#health.report(this.#lag.total());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    this.#options.onStopped();
  }

  async #run(onSettled: () => void): Promise<void> {
    const { log, group } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#consume(onSettled);
      } catch (error) {
        this.#health.assigned = false;
        this.#health.failed('group', error);
        if (this.#failures === 0) this.#failingSince = performance.now();
        const waitMs = backOffMs(this.#failures++);
        const expected = isWarmingUp(error) && performance.now() - this.#failingSince < START_TIMEOUT_MS;
        const fields = { err: error, group, waitMs: Math.round(waitMs) };
        log[expected ? 'debug' : 'warn'](fields, 'consumer ended, starting another');
        if (!expected) onSettled();
        await pause(waitMs, signal);
      }
    }
    onSettled();
  }

  /** Resolves at `stop()`, rejects when the consumer has crashed or stalled. */
  async #consume(onJoined: () => void): Promise<void> {
    const { kafka, group, topics, retry, sessionTimeoutMs, heartbeatMs, ensureTopics, lingerMs = 0 } = this.#options;
    await ensureTopics([...topics, DEAD_LETTER_TOPIC]);
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatMs,
      minBytes: lingerMs > 0 ? COMPANY_BYTES : 1,
      maxWaitTimeInMs: lingerMs > 0 ? lingerMs : MAX_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { ...retry, restartOnFailure: async () => false },
    });
    const ended = this.#watch(consumer, onJoined);
    const timers = [
      setInterval(() => this.#checkFetching(), CHECK_EVERY_MS),
      setInterval(() => void this.#checkProgress(ended.reject), LAG_EVERY_MS),
    ];
    try {
      await Promise.race([this.#open(consumer), ended.promise]);
      await ended.promise;
    } finally {
      for (const timer of timers) clearInterval(timer);
      await consumer.disconnect().catch(() => undefined);
    }
  }

  async #open(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All that one fetch brings must be handed over at once to become one batch.
      partitionsConsumedConcurrently: this.#options.topics.length * PARTITIONS_PER_TOPIC,
      eachBatch: async (payload) => {
        const { topic, partition, highWatermark, messages } = payload.batch;
        this.#lag.fetched(topic, partition, BigInt(messages[0]?.offset ?? 0), BigInt(highWatermark));
        await this.#collector.add(payload);
      },
    });
  }

  #watch(consumer: Consumer, onJoined: () => void): PromiseWithResolvers<void> {
    const ended = Promise.withResolvers<void>();
    ended.promise.catch(() => undefined);
    consumer.on(consumer.events.CRASH, ({ payload }) => ended.reject(payload.error));
    consumer.on(consumer.events.FETCH, () => {
      this.#fetchedAt = performance.now();
      this.#health.succeeded('fetch');
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#failures = 0;
      this.#fetchedAt = performance.now();
      this.#lag.assign(payload.memberAssignment);
      this.#health.succeeded('group');
      void this.#learnLag().then(onJoined);
    });
    this.#stopping.signal.addEventListener('abort', () => ended.resolve(), { once: true });
    if (this.#stopping.signal.aborted) ended.resolve();
    return ended;
  }

  /** kafkajs tries again for long before it says that it cannot fetch. */
  #checkFetching(): void {
    const idleMs = performance.now() - this.#fetchedAt - (this.#options.lingerMs ?? 0);
    if (this.#collector.busy || idleMs < FETCH_TIMEOUT_MS) return;
    this.#health.failed('fetch', new Error(`no answer from the broker for ${Math.round(idleMs)} ms`));
  }

  /** Heartbeats go on in a consumer that has silently stopped fetching; only offsets tell. */
  async #checkProgress(giveUp: (error: Error) => void): Promise<void> {
    await this.#refreshLag();
    const { lag, lastProgressAt } = this.health();
    const idleMs = Date.now() - lastProgressAt;
    if (lag === 0 || this.#collector.busy || idleMs < this.#options.stallMs) return;
    giveUp(new Error(`${lag} messages wait, and none was fetched for ${idleMs} ms`));
  }

  /** Whoever waits for "ready and no lag" must not be told so before the lag is known. */
  async #learnLag(): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempt = 0; !signal.aborted && !(await this.#refreshLag()); attempt += 1) {
      await pause(backOffMs(attempt), signal);
    }
    this.#health.assigned = true;
  }

  async #refreshLag(): Promise<boolean> {
    const { admin, group, log } = this.#options;
    try {
      await this.#lag.refresh(await admin(), group);
      return true;
    } catch (error) {
      log.debug({ err: error, group }, 'lag is unknown');
      return false;
    }
  }
}
