import { hash } from 'node:crypto';
import { ProblemError } from '@aegis/contracts/problems';
import { clientNetwork } from '@aegis/http/client-address';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { THROTTLE_WINDOW_MS, throttleBuckets } from '../../domain/identity/log-in-throttle.ts';
import { windowStart } from '../../domain/identity/rate-window.ts';
import { addToWindows } from '../../store/identity/rate-windows.ts';

export interface LogInThrottle {
  /**
   * Counts an attempt before its password is looked at, so that a thousand at once do not slip through together.
   * Throws ProblemError `rate_limited`.
   */
  begin(account: string, sourceIp: string | null): Promise<LogInAttempt>;
}

export interface LogInAttempt {
  /** Takes the attempt back: only failures add up. */
  succeeded(): Promise<void>;
}

export function createLogInThrottle({ db, clock }: { db: Pick<Database, 'tx'>; clock: Clock }): LogInThrottle {
  const add = (buckets: readonly string[], startedAt: number, count: number) =>
    db.tx(ALL_ORGANIZATIONS, (tx) =>
      addToWindows(
        tx,
        buckets.map((bucket) => ({ bucket, startedAt, count })),
        THROTTLE_WINDOW_MS,
      ),
    );
  return {
    async begin(account, sourceIp) {
      const buckets = throttleBuckets(hash('sha256', account), clientNetwork(sourceIp));
      const names = buckets.map((bucket) => bucket.name);
      const nowMs = clock.now().getTime();
      const startedAt = windowStart(nowMs, THROTTLE_WINDOW_MS);
      const counts = new Map((await add(names, startedAt, 1)).map(({ bucket, count }) => [bucket, count]));
      if (buckets.some(({ name, limit }) => (counts.get(name) ?? 0) > limit)) {
        const seconds = Math.ceil((startedAt + THROTTLE_WINDOW_MS - nowMs) / 1000);
        throw new ProblemError('rate_limited', 'too many failed log-ins; wait, or ask an administrator', [], seconds);
      }
      return {
        async succeeded() {
          await add(names, startedAt, -1);
        },
      };
    },
  };
}
