import { hash } from 'node:crypto';
import { ProblemError } from '@aegis/contracts/problems';
import type { Principal } from '@aegis/http/principal';

export interface LoadedCredential {
  readonly principal: Principal;
  /** When the token itself ends, in milliseconds since the epoch; infinite for a key, whose row tells. */
  readonly expiresAt: number;
}

export interface CredentialCacheOptions {
  /** Throws ProblemError `unauthenticated` for a credential that is not good. */
  readonly load: (token: string) => Promise<LoadedCredential>;
  /** Milliseconds that never go back. */
  readonly monotonicMs?: () => number;
  /** Milliseconds since the epoch. */
  readonly nowMs?: () => number;
}

/** What was looked up serves this long, so that a revocation is felt everywhere well within five seconds. */
const MAX_AGE_MS = 2_000;

/** From this age on it is looked up again behind the request, so that a busy credential never waits. */
const REFRESH_AGE_MS = 1_000;

const MAX_GOOD = 50_000;
const MAX_BAD = 10_000;

interface Good extends LoadedCredential {
  readonly loadedAt: number;
  usedAt: number;
}

interface Bad {
  readonly problem: ProblemError;
  readonly loadedAt: number;
}

/**
 * Remembers credentials by their SHA-256 for two seconds, good and bad ones apart, so that a flood of bad ones drives no
 * good one out. Concurrent look-ups of one credential are one.
 */
export class CredentialCache {
  readonly #options: Required<CredentialCacheOptions>;
  readonly #good = new Map<string, Good>();
  readonly #bad = new Map<string, Bad>();
  readonly #loading = new Map<string, Promise<Principal>>();

  constructor(options: CredentialCacheOptions) {
    this.#options = { monotonicMs: () => performance.now(), nowMs: Date.now, ...options };
  }

  /** Without any wait; undefined when the credential must be looked up. */
  recall(token: string): Principal | undefined {
    const digest = digestOf(token);
    const entry = this.#good.get(digest);
    if (!entry) return undefined;
    const now = this.#options.nowMs();
    const age = this.#options.monotonicMs() - entry.loadedAt;
    if (age >= MAX_AGE_MS || now >= entry.expiresAt) return undefined;
    // A failure is felt when the entry is too old; until then there is nothing to tell.
    if (age >= REFRESH_AGE_MS && !this.#loading.has(digest)) this.#load(digest, token).catch(() => undefined);
    entry.usedAt = now;
    return entry.principal;
  }

  /** Whether it was good when last looked at. */
  knows(token: string): boolean {
    return this.#good.has(digestOf(token));
  }

  async verify(token: string): Promise<Principal> {
    const digest = digestOf(token);
    const bad = this.#bad.get(digest);
    if (bad && this.#options.monotonicMs() - bad.loadedAt < MAX_AGE_MS) throw bad.problem;
    return this.#loading.get(digest) ?? this.#load(digest, token);
  }

  /** Keys that were used after `since` (milliseconds since the epoch), and when. */
  keysUsedSince(since: number): { id: string; at: Date }[] {
    return [...this.#good.values()].flatMap(({ principal, usedAt }) =>
      principal.keyId !== null && usedAt > since ? [{ id: principal.keyId, at: new Date(usedAt) }] : [],
    );
  }

  #load(digest: string, token: string): Promise<Principal> {
    const loading = this.#look(digest, token).finally(() => this.#loading.delete(digest));
    this.#loading.set(digest, loading);
    return loading;
  }

  async #look(digest: string, token: string): Promise<Principal> {
    // As of now at the latest: what changes while the look-up is under way may or may not be seen.
    const loadedAt = this.#options.monotonicMs();
    const usedAt = this.#good.get(digest)?.usedAt ?? this.#options.nowMs();
    try {
      const loaded = await this.#options.load(token);
      remember(this.#good, digest, { ...loaded, loadedAt, usedAt }, MAX_GOOD);
      return loaded.principal;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'unauthenticated') {
        this.#good.delete(digest);
        remember(this.#bad, digest, { problem: error, loadedAt }, MAX_BAD);
      }
      throw error;
    }
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}

/** The oldest entry makes room: every look-up puts its entry last. */
function remember<T>(map: Map<string, T>, key: string, value: T, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value ?? '');
}
