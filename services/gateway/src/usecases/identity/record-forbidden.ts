import { encodeEvent } from '@aegis/contracts/events/envelope';
import type { ForbiddenAttempt } from '@aegis/http/ports';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import type { Clock } from '@aegis/runtime/clock';
import type { Logger } from '@aegis/runtime/log';
import { forbiddenEvent } from '../../domain/identity/events.ts';

export interface ForbiddenRecorder {
  record(attempt: ForbiddenAttempt): void;
  /** Writes what is waiting; also what the timer calls. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

const FLUSH_INTERVAL_MS = 100;
const MAX_WAITING = 1_000;

/**
 * Puts refused attempts into the audit log, behind the answers and many at once. A client that hammers on a closed door
 * is worth one entry a flush, not one a knock: the same attempt while one is waiting adds nothing.
 */
export function createForbiddenRecorder(deps: {
  readonly db: Pick<Database, 'tx'>;
  readonly clock: Clock;
  readonly log: Logger;
}): ForbiddenRecorder {
  const { db, clock, log } = deps;
  const waiting = new Map<string, { attempt: ForbiddenAttempt; time: Date }>();
  let flushing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const batch = [...waiting];
    if (batch.length === 0) return;
    const events = batch.map(([, { attempt, time }]) => encodeEvent(eventOf(attempt, time)));
    try {
      await db.tx(ALL_ORGANIZATIONS, (tx) => appendOutbox(tx, events));
      for (const [identity, entry] of batch) if (waiting.get(identity) === entry) waiting.delete(identity);
    } catch (error) {
      log.warn({ err: error, attempts: batch.length }, 'refused attempts are not written yet');
    }
  }

  function flush(): Promise<void> {
    flushing = flushing.then(write);
    return flushing;
  }

  const timer = setInterval(() => void flush(), FLUSH_INTERVAL_MS);
  timer.unref();
  return {
    record(attempt) {
      const { principal, permission, method, path } = attempt;
      // The operator belongs to no organisation, so there is no log to put it in.
      if (principal.kind === 'operator' || waiting.size >= MAX_WAITING) {
        log.warn({ actor: principal.actor.id, permission, method, path }, 'forbidden');
        return;
      }
      const identity = `${principal.actor.id} ${permission} ${method} ${path}`;
      if (!waiting.has(identity)) waiting.set(identity, { attempt, time: clock.now() });
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

function eventOf({ principal, permission, method, path, traceparent }: ForbiddenAttempt, time: Date) {
  const { organizationId, actor } = principal;
  return forbiddenEvent({ organizationId, permission, method, path }, { actor, time, traceparent });
}
