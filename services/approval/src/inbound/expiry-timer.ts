import { Signal } from '@aegis/postgres/signal';
import type { Logger } from '@aegis/runtime/log';
import type { Check } from '@aegis/runtime/service';

export interface ExpiryTimerOptions {
  /** Closes what is due; resolves to the milliseconds until there is more to do, null when nothing is open. */
  readonly expire: () => Promise<number | null>;
  /** Longest time between two looks, whatever is known of deadlines. */
  readonly sweepMs: number;
  readonly log: Logger;
}

export interface ExpiryTimer {
  /** A request was opened that expires in `ms`. */
  wakeWithin(ms: number): void;
  check(): Check;
  /** Waits for the look in progress. */
  stop(): Promise<void>;
}

/** Between two looks while something that is due is held by somebody who is answering it. */
const MIN_WAIT_MS = 5;
const RETRY_MS = 1_000;

/**
 * Sleeps until the next deadline and closes what is due. The database's clock decides what that is; this one only says
 * when to look. Each replica wakes for the requests it opened itself, and the sweep covers those of a replica that is gone.
 */
export function startExpiryTimer(options: ExpiryTimerOptions): ExpiryTimer {
  const timer = new Timer(options);
  const running = timer.run();
  return {
    wakeWithin: (ms) => timer.lookWithin(ms),
    check: () => (timer.lastError === null ? { ok: true } : { ok: false, detail: timer.lastError }),
    async stop() {
      timer.stop();
      await running;
    },
  };
}

class Timer {
  lastError: string | null = null;
  readonly #options: ExpiryTimerOptions;
  readonly #changed = new Signal();
  /** When to look next, on the scale of performance.now(). */
  #lookAt = 0;
  #stopped = false;

  constructor(options: ExpiryTimerOptions) {
    this.#options = options;
  }

  lookWithin(ms: number): void {
    this.#lookAt = Math.min(this.#lookAt, performance.now() + Math.max(ms, MIN_WAIT_MS));
    this.#changed.set();
  }

  stop(): void {
    this.#stopped = true;
    this.#changed.set();
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      const waitMs = this.#lookAt - performance.now();
      if (waitMs > 0) await this.#changed.wait(waitMs);
      else await this.#look();
    }
  }

  async #look(): Promise<void> {
    // Set before looking: a request opened meanwhile may bring it forward, and must not be forgotten.
    this.#lookAt = performance.now() + this.#options.sweepMs;
    try {
      const nextMs = await this.#options.expire();
      this.lastError = null;
      if (nextMs !== null) this.lookWithin(nextMs);
    } catch (error) {
      this.lastError = error instanceof Error ? error.message : String(error);
      this.#options.log.warn({ err: error }, 'expired requests could not be closed, trying again');
      this.lookWithin(RETRY_MS);
    }
  }
}
