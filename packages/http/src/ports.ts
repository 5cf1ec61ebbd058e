import type { Permission } from '@aegis/contracts/permissions';
import type { Principal } from './principal.ts';

/** Turns the token of `Authorization: Bearer …` into a principal. */
export interface Authenticator {
  /** The principal of a token that was verified a moment ago, without any wait; undefined: ask `verify`. */
  recall(token: string): Principal | undefined;
  /** Whether the token was good when it was last verified, however long ago. */
  knows(token: string): boolean;
  /** Throws ProblemError: `unauthenticated`, or `unavailable` when it cannot be told. */
  verify(token: string): Promise<Principal>;
}

/** One bucket of a rate limit: a credential, or an address that sends requests without a valid one. */
export type RateLimitKind = 'credential' | 'address';

export interface RateLimitVerdict {
  readonly allowed: boolean;
  /** Requests a window. */
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
}

/** Answers from memory; replicas share their counts behind its back. */
export interface RateLimiter {
  /** Counts one request. */
  take(kind: RateLimitKind, id: string): RateLimitVerdict;
  /** Tells without counting. */
  peek(kind: RateLimitKind, id: string): RateLimitVerdict;
}

/** What makes two requests the same one. `bodySha256` is of the canonical JSON. */
export interface IdempotentRequest {
  readonly organizationId: string;
  readonly principal: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly bodySha256: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The right to execute a request. Exactly one of `complete` and `release` is called. */
export interface IdempotencyClaim {
  readonly kind: 'claimed';
  /** UUIDv7 for what the request creates; equal for every execution of one request. */
  readonly seed: string;
  /** Keeps the answer for repeated requests; `secret-shown` instead of one that holds a secret. */
  complete(answer: StoredAnswer | 'secret-shown'): Promise<void>;
  /** Lets the next request with this key execute: nothing was done that must not be done again. */
  release(): Promise<void>;
}

export interface IdempotencyStore {
  /**
   * Claims the request or finds its answer; waits a few seconds for a first request that is still running. Throws
   * ProblemError: `idempotency_key_reused`, `idempotency_in_progress`, `secret_already_shown`.
   */
  begin(
    request: IdempotentRequest,
  ): Promise<IdempotencyClaim | { readonly kind: 'replay'; readonly answer: StoredAnswer }>;
}

/** Someone with valid credentials asked for what they may not do. */
export interface ForbiddenAttempt {
  readonly principal: Principal;
  readonly permission: Permission | 'operator';
  readonly method: string;
  /** The route's path, such as `/v1/agents/:id`. */
  readonly path: string;
  readonly traceparent: string | null;
}
