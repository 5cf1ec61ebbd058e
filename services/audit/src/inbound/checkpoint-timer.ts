import { Signal } from '@aegis/postgres/signal';
import type { Logger } from '@aegis/runtime/log';

export interface CheckpointTimerOptions {
  /** Signs what has grown, or looks at every log; resolves to how many it could not sign. */
  readonly keep: (all: boolean, signal: AbortSignal) => Promise<number>;
  readonly intervalMs: number;
  readonly log: Logger;
}

/** Signs and keeps checkpoints once an interval, every log at the start. Returns the way out, which waits. */
export function startCheckpointTimer({ keep, intervalMs, log }: CheckpointTimerOptions): () => Promise<void> {
  const stop = new AbortController();
  const wake = new Signal();
  const run = async () => {
    for (let all = true; !stop.signal.aborted;) {
      try {
        await keep(all, stop.signal);
        all = false;
      } catch (error) {
        log.warn({ err: error }, 'checkpoints could not be signed, trying again');
      }
      if (!stop.signal.aborted) await wake.wait(intervalMs);
    }
  };
  const running = run();
  return async () => {
    stop.abort();
    wake.set();
    await running;
  };
}
