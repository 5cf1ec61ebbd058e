import { setTimeout as sleep } from 'node:timers/promises';

export interface BackOffOptions {
  readonly baseMs?: number;
  readonly maxMs?: number;
}

/** How long to wait before attempt `attempt + 1` (from 0): doubles up to the cap, of which a random half is taken off. */
export function backOffMs(attempt: number, { baseMs = 50, maxMs = 5_000 }: BackOffOptions = {}): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return ceiling * (1 - Math.random() / 2);
}

/** Resolves after `ms`, or as soon as `signal` is aborted. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
