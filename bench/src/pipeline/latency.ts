import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from './target.ts';

/** Time between two arrivals: the system is at rest when each comes. */
export const PACE_MS = 50;

/**
 * Milliseconds from the moment a submission was due to the answer that carries its decision. Arrivals are paced, so that
 * a slow answer delays no later one and hides nothing.
 */
export async function measureLatency(target: Target, agents: readonly string[], count: number): Promise<number[]> {
  const startedAt = performance.now();
  const one = async (index: number): Promise<number> => {
    const due = startedAt + index * PACE_MS;
    await delay(Math.max(0, due - performance.now()));
    const sentAt = performance.now();
    await target.submit(agents[index % agents.length] ?? '', true);
    // A timer fires up to a millisecond late; that is the generator's fault, not the system's.
    return performance.now() - Math.max(due, Math.min(sentAt, due + 2));
  };
  return Promise.all(Array.from({ length: count }, (_, index) => one(index)));
}
