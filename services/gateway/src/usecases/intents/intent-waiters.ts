import { hasReached, type StoredIntent } from '../../domain/intents/intent.ts';

/** Any decision, or one that never changes. */
export type WaitGoal = 'decided' | 'final';

export interface WaitOptions {
  readonly goal: WaitGoal;
  readonly timeoutMs: number;
  /** Ends the wait when the client goes away. */
  readonly signal: AbortSignal;
}

export interface IntentWaitersOptions {
  /** Reads intents by id; those that do not exist are left out. */
  readonly load: (ids: readonly string[]) => Promise<readonly StoredIntent[]>;
  readonly onError: (error: unknown) => void;
  /** Most waits at once; the next one ends at once. */
  readonly maxWaiters?: number;
  /** How often to look without having been woken, in milliseconds. */
  readonly sweepMs: number;
}

/** One wait, begun. */
export interface Wait {
  /** The intent once it has reached the goal, or null when the time is up, the client gone, or too many wait already. */
  readonly reached: Promise<StoredIntent | null>;
  /** Gives up. */
  cancel(): void;
}

export interface IntentWaiters {
  /** Begin before the intent can be decided, or look at it after beginning: what happened before is not told. */
  begin(id: string, options: WaitOptions): Wait;
  /** Something happened to these intents, here or on another replica. */
  wake(ids: Iterable<string>): void;
  /** Something may have been missed. */
  wakeAll(): void;
  /** Ends all waits, and those to come at once. */
  stop(): void;
}

interface Waiter {
  readonly goal: WaitGoal;
  end(intent: StoredIntent | null): void;
}

const MAX_LOADED = 1_000;

const NO_WAIT: Wait = { reached: Promise.resolve(null), cancel: () => undefined };

/** Requests that wait for a decision. Those that are woken together are answered from one read. */
export function createIntentWaiters(options: IntentWaitersOptions): IntentWaiters {
  const { load, onError, maxWaiters = 10_000, sweepMs } = options;
  const waiters = new Map<string, Set<Waiter>>();
  const woken = new Set<string>();
  let count = 0;
  let loading = false;
  let stopped = false;

  async function answerWoken(): Promise<void> {
    if (loading) return;
    loading = true;
    try {
      while (woken.size > 0) {
        const ids = [...woken].slice(0, MAX_LOADED);
        for (const id of ids) woken.delete(id);
        for (const intent of await load(ids)) answer(intent);
      }
    } catch (error) {
      // The sweep looks again.
      onError(error);
    } finally {
      loading = false;
    }
  }

  function answer(intent: StoredIntent): void {
    for (const waiter of waiters.get(intent.id) ?? []) {
      if (hasReached(intent.status, waiter.goal)) waiter.end(intent);
    }
  }

  function wake(ids: Iterable<string>): void {
    for (const id of ids) if (waiters.has(id)) woken.add(id);
    if (woken.size > 0) setImmediate(() => void answerWoken());
  }

  const wakeAll = () => wake(waiters.keys());
  const sweep = setInterval(wakeAll, sweepMs);
  sweep.unref();

  return {
    wake,
    wakeAll,
    begin(id, { goal, timeoutMs, signal }) {
      if (stopped || count >= maxWaiters || signal.aborted) return NO_WAIT;
      const { promise: reached, resolve } = Promise.withResolvers<StoredIntent | null>();
      const waiter: Waiter = {
        goal,
        end(intent) {
          if (!waiters.get(id)?.delete(waiter)) return;
          if (waiters.get(id)?.size === 0) waiters.delete(id);
          count -= 1;
          clearTimeout(timer);
          signal.removeEventListener('abort', cancel);
          resolve(intent);
        },
      };
      const cancel = () => waiter.end(null);
      const timer = setTimeout(cancel, timeoutMs);
      signal.addEventListener('abort', cancel, { once: true });
      waiters.set(id, (waiters.get(id) ?? new Set()).add(waiter));
      count += 1;
      return { reached, cancel };
    },
    stop() {
      stopped = true;
      clearInterval(sweep);
      for (const set of waiters.values()) for (const waiter of set) waiter.end(null);
    },
  };
}
