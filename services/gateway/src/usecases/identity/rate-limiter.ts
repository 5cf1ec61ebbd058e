import type { RateLimiter, RateLimitKind, RateLimitVerdict } from '@aegis/http/ports';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import type { Logger } from '@aegis/runtime/log';
import { type Counter, remaining, windowStart } from '../../domain/identity/rate-window.ts';
import { addToWindows, pruneWindows, type WindowCount } from '../../store/identity/rate-windows.ts';

export interface RateLimiterDeps {
  readonly db: Pick<Database, 'tx'>;
  readonly log: Logger;
  readonly perMinute: Readonly<Record<RateLimitKind, number>>;
  /** How often replicas share their counts. Default 250. */
  readonly syncIntervalMs?: number;
  readonly nowMs?: () => number;
}

export interface RunningRateLimiter extends RateLimiter {
  /** Shares the counts now; also what the timer calls. */
  sync(): Promise<void>;
  stop(): Promise<void>;
}

const WINDOW_MS = 60_000;

/** Buckets of one window; further ones share one, so that an attacker with many addresses cannot fill the memory. */
const MAX_BUCKETS = 100_000;
const MAX_SYNCED = 5_000;
const PRUNE_EVERY_SYNCS = 240;
const PRUNE_LIMIT = 5_000;

/**
 * Counts in memory and shares the counts by one statement a quarter of a second: a request never waits for it, and
 * replicas together overshoot a limit by what they admit in that time. Without the database each limits on its own.
 */
export function createRateLimiter(deps: RateLimiterDeps): RunningRateLimiter {
  const limiter = new SharedRateLimiter(deps);
  const timer = setInterval(() => void limiter.sync(), deps.syncIntervalMs ?? 250);
  timer.unref();
  return {
    take: (kind, id) => limiter.take(kind, id),
    peek: (kind, id) => limiter.peek(kind, id),
    sync: () => limiter.sync(),
    async stop() {
      clearInterval(timer);
      await limiter.sync();
    },
  };
}

class SharedRateLimiter {
  readonly #deps: RateLimiterDeps;
  readonly #nowMs: () => number;
  #startedAt = 0;
  #counters = new Map<string, Counter>();
  #dirty = new Set<string>();
  #syncing: Promise<void> | undefined;
  #syncs = 0;

  constructor(deps: RateLimiterDeps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? Date.now;
  }

  take(kind: RateLimitKind, id: string): RateLimitVerdict {
    const nowMs = this.#nowMs();
    const bucket = this.#bucket(kind, id, nowMs);
    const counter = this.#counter(bucket);
    const limit = this.#deps.perMinute[kind];
    const allowed = remaining(counter, limit) > 0;
    if (allowed) {
      counter.pending += 1;
      this.#dirty.add(bucket);
    }
    return this.#verdict(allowed, counter, limit, nowMs);
  }

  peek(kind: RateLimitKind, id: string): RateLimitVerdict {
    const nowMs = this.#nowMs();
    const counter = this.#counters.get(this.#bucket(kind, id, nowMs)) ?? { shared: 0, pending: 0 };
    const limit = this.#deps.perMinute[kind];
    return this.#verdict(remaining(counter, limit) > 0, counter, limit, nowMs);
  }

  /** One at a time; what is counted meanwhile goes with the next. */
  sync(): Promise<void> {
    this.#syncing ??= this.#share().finally(() => (this.#syncing = undefined));
    return this.#syncing;
  }

  async #share(): Promise<void> {
    const startedAt = this.#startedAt;
    const counters = this.#counters;
    const buckets = [...this.#dirty].slice(0, MAX_SYNCED);
    for (const bucket of buckets) this.#dirty.delete(bucket);
    const added = buckets.map((bucket) => ({ bucket, startedAt, count: counters.get(bucket)?.pending ?? 0 }));
    try {
      if (added.length > 0) this.#apply(counters, added, await this.#add(added));
      this.#syncs += 1;
      if (this.#syncs % PRUNE_EVERY_SYNCS === 1) await this.#prune();
    } catch (error) {
      for (const bucket of buckets) this.#dirty.add(bucket);
      this.#deps.log.warn({ err: error }, 'rate limits are not shared with other replicas for the moment');
    }
  }

  #add(added: readonly WindowCount[]): Promise<WindowCount[]> {
    return this.#deps.db.tx(ALL_ORGANIZATIONS, (tx) => addToWindows(tx, added, WINDOW_MS));
  }

  async #prune(): Promise<void> {
    await this.#deps.db.tx(ALL_ORGANIZATIONS, (tx) => pruneWindows(tx, PRUNE_LIMIT));
  }

  #apply(counters: Map<string, Counter>, added: readonly WindowCount[], sums: readonly WindowCount[]): void {
    for (const { bucket, count } of added) {
      const counter = counters.get(bucket);
      if (counter) counter.pending -= count;
    }
    for (const { bucket, count } of sums) {
      const counter = counters.get(bucket);
      if (counter) counter.shared = count;
    }
  }

  #bucket(kind: RateLimitKind, id: string, nowMs: number): string {
    const startedAt = windowStart(nowMs, WINDOW_MS);
    if (startedAt !== this.#startedAt) {
      this.#startedAt = startedAt;
      this.#counters = new Map();
      this.#dirty = new Set();
    }
    const bucket = `${kind}:${id}`;
    return this.#counters.has(bucket) || this.#counters.size < MAX_BUCKETS ? bucket : `${kind}:others`;
  }

  #counter(bucket: string): Counter {
    let counter = this.#counters.get(bucket);
    if (!counter) {
      counter = { shared: 0, pending: 0 };
      this.#counters.set(bucket, counter);
      // Others may have counted for it: ask, even if this replica refuses.
      this.#dirty.add(bucket);
    }
    return counter;
  }

  #verdict(allowed: boolean, counter: Counter, limit: number, nowMs: number): RateLimitVerdict {
    const resetSeconds = Math.ceil((this.#startedAt + WINDOW_MS - nowMs) / 1000);
    return { allowed, limit, remaining: remaining(counter, limit), resetSeconds };
  }
}
