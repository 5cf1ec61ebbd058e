import { Signal } from '@aegis/postgres/signal';
import type { Logger } from '@aegis/runtime/log';

export interface IntervalOptions {
  /** `first` on the first run of this process. */
  readonly run: (first: boolean, signal: AbortSignal) => Promise<unknown>;
  readonly intervalMs: number;
  /** For the operator: what could not be done. */
  readonly what: string;
  readonly log: Logger;
}

/** Runs at once and then once an interval, never twice at a time. Returns the way out, which waits for the run. */
export function startInterval({ run, intervalMs, what, log }: IntervalOptions): () => Promise<void> {
  const stop = new AbortController();
  const wake = new Signal();
  const loop = async () => {
    for (let first = true; !stop.signal.aborted;) {
      try {
        await run(first, stop.signal);
        first = false;
      } catch (error) {
        log.warn({ err: error }, `${what} failed, and is tried again`);
      }
      if (!stop.signal.aborted) await wake.wait(intervalMs);
    }
  };
  const running = loop();
  return async () => {
    stop.abort();
    wake.set();
    await running;
  };
}
