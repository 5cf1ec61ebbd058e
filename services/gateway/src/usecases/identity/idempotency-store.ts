import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@aegis/contracts/problems';
import type { IdempotencyClaim, IdempotencyStore, IdempotentRequest, StoredAnswer } from '@aegis/http/ports';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import type { Logger } from '@aegis/runtime/log';
import { v7 } from 'uuid';
import { judgeRepetition } from '../../domain/identity/idempotency.ts';
import { claimKey, completeKey, findKey, pruneKeys, releaseKey } from '../../store/identity/idempotency-keys.ts';

export interface IdempotencyStoreDeps {
  readonly db: Pick<Database, 'tx' | 'read'>;
  readonly log: Logger;
  /** After this an execution without an answer is taken for dead and may be repeated. Default 30,000. */
  readonly leaseMs?: number;
  /** How long a repeated request waits for the first one to end. Default 5,000. */
  readonly waitMs?: number;
  /** How long answers are kept. Default a day. */
  readonly keepMs?: number;
}

export interface RunningIdempotencyStore extends IdempotencyStore {
  /** Deletes what is past its time, in batches; also what the timer calls. Resolves to how many. */
  prune(): Promise<number>;
  stop(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60_000;
const FIRST_POLL_MS = 20;
const MAX_POLL_MS = 250;
const PRUNE_INTERVAL_MS = 60_000;
const PRUNE_BATCH = 1_000;
const PRUNE_BATCHES = 20;

/**
 * Executes a request with an Idempotency-Key once. The claim is committed before the execution begins and reserves the
 * seed for what it creates, so that an execution repeated after a crash creates nothing twice.
 */
export function createIdempotencyStore(deps: IdempotencyStoreDeps): RunningIdempotencyStore {
  const store = new PostgresIdempotencyStore(deps);
  const timer = setInterval(() => {
    store.prune().catch((error: unknown) => deps.log.warn({ err: error }, 'old idempotency keys could not be deleted'));
  }, PRUNE_INTERVAL_MS);
  timer.unref();
  return {
    begin: (request) => store.begin(request),
    prune: () => store.prune(),
    async stop() {
      clearInterval(timer);
    },
  };
}

class PostgresIdempotencyStore implements IdempotencyStore {
  readonly #deps: Required<IdempotencyStoreDeps>;
  /** Executions of this process by request, so that repetitions wait for them without asking the database. */
  readonly #running = new Map<string, Promise<void>>();

  constructor(deps: IdempotencyStoreDeps) {
    this.#deps = { leaseMs: 30_000, waitMs: 5_000, keepMs: DAY_MS, ...deps };
  }

  async begin(request: IdempotentRequest): ReturnType<IdempotencyStore['begin']> {
    const deadline = performance.now() + this.#deps.waitMs;
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, MAX_POLL_MS)) {
      const claim = await this.#claim(request);
      if (claim) return claim;
      const answer = await this.#earlierAnswer(request);
      if (answer) return { kind: 'replay', answer };
      const waitMs = deadline - performance.now();
      if (waitMs <= 0) {
        throw new ProblemError('idempotency_in_progress', 'the first request with this key has not ended yet', [], 1);
      }
      await this.#pause(request, Math.min(pollMs, waitMs), waitMs);
    }
  }

  async prune(): Promise<number> {
    let deleted = 0;
    for (let batch = 0; batch < PRUNE_BATCHES; batch += 1) {
      const count = await this.#deps.db.tx(ALL_ORGANIZATIONS, (tx) => pruneKeys(tx, PRUNE_BATCH));
      deleted += count;
      if (count < PRUNE_BATCH) break;
    }
    return deleted;
  }

  async #claim(request: IdempotentRequest): Promise<IdempotencyClaim | null> {
    if (this.#running.has(identityOf(request))) return null;
    const { db, leaseMs, keepMs } = this.#deps;
    const { organizationId } = request;
    const lease = randomUUID();
    const seed = await db.tx({ organizationId }, (tx) => claimKey(tx, request, { lease, seed: v7(), leaseMs, keepMs }));
    if (seed === null) return null;
    const end = this.#announce(request);
    return {
      kind: 'claimed',
      seed,
      complete: (answer) => this.#settle(request, end, () => this.#complete(request, lease, answer)),
      release: () =>
        this.#settle(request, end, () => db.tx({ organizationId }, (tx) => releaseKey(tx, request, lease))),
    };
  }

  async #complete(request: IdempotentRequest, lease: string, answer: StoredAnswer | 'secret-shown'): Promise<void> {
    const { organizationId } = request;
    const stored = answer === 'secret-shown' ? null : answer;
    const kept = await this.#deps.db.tx({ organizationId }, (tx) => completeKey(tx, request, lease, stored));
    if (!kept) this.#deps.log.warn({ path: request.path }, 'an execution outlived its idempotency lease');
  }

  /** The request has been executed: failing to write that down changes nothing about its answer, so it is only logged. */
  async #settle(request: IdempotentRequest, end: () => void, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#deps.log.warn({ err: error, path: request.path }, 'an idempotent answer could not be stored');
    } finally {
      end();
    }
  }

  async #earlierAnswer(request: IdempotentRequest): Promise<StoredAnswer | null> {
    const { organizationId } = request;
    const first = await this.#deps.db.read({ organizationId }, (tx) => findKey(tx, request));
    if (!first) return null;
    const repetition = judgeRepetition(first, request.bodySha256);
    switch (repetition.kind) {
      case 'reused':
        throw new ProblemError('idempotency_key_reused', 'this Idempotency-Key came with another body before');
      case 'secret-shown':
        throw new ProblemError('secret_already_shown', 'this request was executed; its secret is not shown again');
      case 'erased':
        throw new ProblemError('wrong_state', 'this request was executed; what its answer held was erased since');
      case 'running':
        return null;
      case 'replay':
        return repetition.answer;
    }
  }

  #announce(request: IdempotentRequest): () => void {
    const identity = identityOf(request);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.set(identity, promise);
    return () => {
      this.#running.delete(identity);
      resolve();
    };
  }

  /** Until the execution in this process ends, or (when it runs elsewhere) for `pollMs`. */
  async #pause(request: IdempotentRequest, pollMs: number, waitMs: number): Promise<void> {
    const running = this.#running.get(identityOf(request));
    if (!running) return sleep(pollMs);
    const patience = new AbortController();
    await Promise.race([running, sleep(waitMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
  }
}

function identityOf({ organizationId, principal, method, path, key }: IdempotentRequest): string {
  return JSON.stringify([organizationId, principal, method, path, key]);
}
