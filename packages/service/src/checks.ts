import type { Subscription } from '@aegis/bus/port';
import type { Database } from '@aegis/postgres/database';
import type { Relay } from '@aegis/postgres/relay';
import { type Check, progressCheck, type Readiness, readinessOf } from '@aegis/runtime/service';

/** A consumer that neither works nor fails for this long is stuck. */
const STALL_MS = 5 * 60_000;

/**
 * Ready while the store can be reached, once everything has worked. That later the broker is away, or the consumer fails,
 * is told by its check and turns no traffic away: what is accepted waits, and as every replica fails alike, nobody would be
 * left to accept it.
 */
export function readinessOnBus(
  store: () => Promise<Readonly<Record<string, Check>>>,
  background: () => Readonly<Record<string, Check>>,
): () => Promise<Readiness> {
  let begun = false;
  return async () => {
    const needed = await store();
    const rest = background();
    begun ||= readinessOf(rest).ready;
    return { ready: begun && readinessOf(needed).ready, checks: { ...needed, ...rest } };
  };
}

export async function databaseCheck(database: Pick<Database, 'ping'>): Promise<Check> {
  try {
    await database.ping();
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Ready: this process publishes its outbox, or stands by while another one does. */
export function relayCheck(relay: Pick<Relay, 'health'>): Check {
  const { ready, lastError } = relay.health();
  return ready ? { ok: true } : { ok: false, detail: lastError ?? 'connecting' };
}

/** Ready: it has its partitions, and its last attempt did not fail. */
export function consumerReadiness(consumer: Subscription | null): Check {
  const health = consumer?.health();
  return health?.ready ? { ok: true } : { ok: false, detail: health?.lastError ?? 'joining its group' };
}

/** Alive: it moves on, or has nothing to do, or knows why it cannot. A store that is down is no reason to restart. */
export function consumerLiveness(consumer: Subscription, now: Date): Check {
  const { lastError, lastProgressAt } = consumer.health();
  return lastError === null ? progressCheck(lastProgressAt, now, STALL_MS) : { ok: true };
}

/** Which checks fail, without what is wrong: for a probe that anybody may read. */
export function withoutDetails(checks: Readonly<Record<string, Check>>): Record<string, Check> {
  return Object.fromEntries(Object.entries(checks).map(([name, { ok }]) => [name, { ok }]));
}
