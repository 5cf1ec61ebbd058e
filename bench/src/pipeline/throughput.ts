import { setTimeout as delay } from 'node:timers/promises';
import { CONNECTIONS, type Target, untilIdle } from './target.ts';

/** Intents per second of one round, each counted until the whole round had passed that point. */
export interface Throughput {
  readonly accepted: number;
  readonly decided: number;
  readonly audited: number;
  readonly queryable: number;
  /** Accepted, decided, held, audited and countable: the slowest of them. */
  readonly endToEnd: number;
}

const POLL_MS = 25;
const ROUND_TIMEOUT_MS = 120_000;

/** Submits `count` intents in turn for the agents named and waits until every one has reached the end. */
export async function measureThroughput(target: Target, agents: readonly string[], count: number): Promise<Throughput> {
  const before = await untilIdle(target);
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let next = 0;
  const worker = async () => {
    while (next < count) await target.submit(agents[next++ % agents.length] ?? '', false);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const times = { accepted: seconds(), decided: 0, audited: 0, queryable: 0 };
  while (times.decided === 0 || times.audited === 0 || times.queryable === 0) {
    const now = await target.progress();
    // An entry for the submission and one for the decision.
    if (!now.pending) times.decided ||= seconds();
    if (now.entries >= before.entries + 2 * count) times.audited ||= seconds();
    if (now.counted >= before.counted + count) times.queryable ||= seconds();
    if (performance.now() - startedAt > ROUND_TIMEOUT_MS)
      throw new Error(`a round did not end: ${JSON.stringify({ before, now, count })}`);
    await delay(POLL_MS);
  }
  const rate = (time: number) => count / time;
  return {
    accepted: rate(times.accepted),
    decided: rate(times.decided),
    audited: rate(times.audited),
    queryable: rate(times.queryable),
    endToEnd: rate(Math.max(times.decided, times.audited, times.queryable)),
  };
}
