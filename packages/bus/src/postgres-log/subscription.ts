import type pg from 'pg';
import { backOffMs, pause } from '../back-off.ts';
import { type BatchRunner, createBatchRunner } from '../batch-runner.ts';
import { Health } from '../health.ts';
import type { Log } from '../log.ts';
import type { BusMessage, Subscription, SubscriptionHealth, SubscriptionOptions } from '../port.ts';
import { Signal } from '../signal.ts';
import { backlogOf, type ClaimSlice, takeBatch } from './batch-reader.ts';
import type { Member } from './group-store.ts';
import { Membership, type MembershipOptions } from './membership.ts';
import { OffsetCommitter } from './offset-committer.ts';

export interface LogSubscriptionOptions
  extends
    SubscriptionOptions,
    Pick<MembershipOptions, 'partitions' | 'instance' | 'heartbeatMs' | 'leaseMs' | 'onBeat'> {
  readonly pool: pg.Pool;
  readonly me: Member;
  readonly log: Log;
  readonly publish: (messages: readonly BusMessage[]) => Promise<void>;
  readonly announceGroup: () => void;
  readonly onStopped: () => void;
}

const DEFAULT_MAX_BATCH = 1_000;

/** One member of a group: takes batches from the partitions it owns, handles them one at a time, commits behind. */
export class LogSubscription implements Subscription {
  readonly group: string;
  readonly #options: LogSubscriptionOptions;
  readonly #limit: number;
  readonly #health = new Health();
  readonly #stopping = new AbortController();
  readonly #work = new Signal();
  readonly #membership: Membership;
  readonly #committer: OffsetCommitter;
  readonly #runBatch: BatchRunner;
  /** The batch that is being handled. */
  #inFlight: Promise<void> | undefined;
  #loop: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: LogSubscriptionOptions) {
    const { pool, me, log } = options;
    this.group = me.group;
    this.#options = options;
    this.#limit = options.maxBatch ?? DEFAULT_MAX_BATCH;
    this.#committer = new OffsetCommitter(pool, me, log);
    this.#membership = new Membership({
      ...options,
      health: this.#health,
      wake: () => this.#work.set(),
      settle: () => this.#settle(),
      announce: options.announceGroup,
    });
    this.#runBatch = createBatchRunner({
      ...options,
      stopping: this.#stopping.signal,
      onAttempt: (outcome) => {
        if (outcome === 'handled') this.#health.succeeded('handle');
        else this.#health.failed('handle', outcome.error);
      },
    });
  }

  async start(): Promise<void> {
    await this.#membership.start();
    this.#loop = this.#run();
  }

  /** Somebody joined or left the group, or gave up partitions. */
  groupChanged(): void {
    if (!this.#stopping.signal.aborted) void this.#membership.poke();
  }

  /** Makes new claims of all partitions, from the committed offsets: the log is no longer what it was. */
  restart(): void {
    for (const claim of this.#membership.claims()) claim.lose();
    this.groupChanged();
  }

  health(): SubscriptionHealth {
    let lag = 0;
    for (const claim of this.#membership.claims()) lag += Math.max(0, claim.partition.head - claim.past);
    return this.#health.report(lag);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { log, group, onStopped } = this.#options;
    this.#stopping.abort();
    this.#work.set();
    await this.#loop;
    try {
      await this.#committer.flush();
      await this.#membership.stop();
    } catch (error) {
      log.warn({ err: error, group }, 'left the group without saying so; its partitions wait until the lease is over');
    } finally {
      this.#committer.close();
      onStopped();
    }
  }

  async #run(): Promise<void> {
    let next: Promise<ClaimSlice[]> | undefined;
    while (!this.#stopping.signal.aborted) {
      const slices = await (next ?? this.#take());
      // With a full batch left behind, reading it can overlap; with less, what arrives meanwhile had better join it.
      next = backlogOf(this.#membership.claims()) >= this.#limit ? this.#take() : undefined;
      this.#inFlight = this.#handle(slices);
      await this.#inFlight;
      this.#inFlight = undefined;
    }
    await next;
  }

  /** Waits until there is something, and for company as long as `lingerMs` allows. Empty at `stop()`. */
  async #take(): Promise<ClaimSlice[]> {
    const { pool, log, group, lingerMs = 0 } = this.#options;
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      const backlog = backlogOf(this.#membership.claims());
      if (backlog === 0) {
        await this.#work.wait();
        continue;
      }
      if (lingerMs > 0 && backlog < this.#limit) await pause(lingerMs, signal);
      try {
        const slices = await takeBatch(pool, this.#membership.claims(), this.#limit, log);
        this.#health.succeeded('fetch');
        if (slices.length > 0) return slices;
        await this.#work.wait();
      } catch (error) {
        this.#health.failed('fetch', error);
        log.warn({ err: error, group }, 'reading the log failed, trying again');
        await pause(backOffMs(failures++), signal);
      }
    }
    return [];
  }

  async #handle(slices: readonly ClaimSlice[]): Promise<void> {
    await this.#runBatch(slices);
    for (const slice of slices) {
      const past = slice.past();
      if (past === undefined || slice.claim.isLost()) continue;
      slice.claim.past = past;
      this.#committer.add(slice.claim, past);
      this.#health.progressed();
    }
  }

  async #settle(): Promise<void> {
    await this.#inFlight;
    await this.#committer.flush();
  }
}
