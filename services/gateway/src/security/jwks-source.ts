import { ProblemError } from '@aegis/contracts/problems';
import type { Logger } from '@aegis/runtime/log';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

export interface JwksSourceOptions {
  /** Where the keys are; may have to be discovered, and is asked for again after a failure. */
  readonly locate: () => Promise<string>;
  readonly fetchJson: (url: string) => Promise<unknown>;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

/** After this the keys are fetched again, behind the request that noticed. */
const FRESH_MS = 10 * 60_000;

/** Keys that could not be renewed serve this long, so that an outage of the issuer does not lock everybody out at once. */
const MAX_STALE_MS = 60 * 60_000;

/** Between two fetches, whatever key ids tokens name and whether or not the last one succeeded. */
const COOLDOWN_MS = 30_000;
const RETRY_MS = 5_000;

/**
 * The keys of an external issuer. Tokens under an unknown key id cause at most one fetch in 30 s. When the issuer cannot
 * be reached, known keys go on for an hour; after that nobody can be told and ProblemError `unavailable` is thrown.
 */
export function createJwksSource(options: JwksSourceOptions): JWTVerifyGetKey {
  const { locate, fetchJson, log, nowMs = () => performance.now() } = options;
  let keys: ReturnType<typeof createLocalJWKSet> | undefined;
  let fetchedAt = -Infinity;
  let attemptedAt = -Infinity;
  let underway: Promise<void> | undefined;

  async function fetchKeys(): Promise<void> {
    attemptedAt = nowMs();
    try {
      keys = createLocalJWKSet((await fetchJson(await locate())) as JSONWebKeySet);
      fetchedAt = nowMs();
    } catch (error) {
      log.warn({ err: error }, 'keys of the OpenID issuer could not be fetched');
    }
  }

  function refresh(): Promise<void> {
    underway ??= fetchKeys().finally(() => (underway = undefined));
    return underway;
  }

  async function current(): Promise<ReturnType<typeof createLocalJWKSet>> {
    const age = nowMs() - fetchedAt;
    const sinceAttempt = nowMs() - attemptedAt;
    if (age > MAX_STALE_MS && (underway || sinceAttempt > RETRY_MS)) await refresh();
    else if (age > FRESH_MS && sinceAttempt > COOLDOWN_MS) void refresh();
    if (!keys || nowMs() - fetchedAt > MAX_STALE_MS) {
      throw new ProblemError('unavailable', 'the OpenID issuer cannot be reached to verify the token', [], 5);
    }
    return keys;
  }

  return async (header, token) => {
    const known = await current();
    try {
      return await known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (!underway && nowMs() - attemptedAt <= COOLDOWN_MS) throw error;
      await refresh();
      return (await current())(header, token);
    }
  };
}

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** Fetches a small JSON document; throws for redirects, other statuses, more than 256 KiB, and after five seconds. */
export async function fetchSmallJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/json' },
  });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`${url} answered more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
