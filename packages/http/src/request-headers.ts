import { ProblemError } from '@aegis/contracts/problems';

/** A caller's own id is kept when it is short and cannot break a log line or a header. */
export function acceptableRequestId(value: string | undefined): string | undefined {
  return value !== undefined && /^[\w.:+/=-]{1,128}$/.test(value) ? value : undefined;
}

/** The token of `Authorization: Bearer <token>` (RFC 6750), undefined when there is none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  if (authorization.startsWith('Bearer ')) return authorization.slice(7).trim() || undefined;
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

/** A version 00 `traceparent` (W3C Trace Context), else null: a malformed one is ignored, as the standard says. */
export function parseTraceparent(value: string | undefined): string | null {
  return value !== undefined && /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(value)
    ? value
    : null;
}

const MAX_WAIT_SECONDS = 30;

/** Seconds of `Prefer: wait=N` (RFC 7240), at most 30; 0 when absent or unreadable, as a preference may be ignored. */
export function preferredWaitSeconds(prefer: string | undefined): number {
  if (prefer === undefined) return 0;
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,4})"?\s*(?:$|[,;])/i.exec(prefer)?.[1];
  return Math.min(Number(seconds ?? 0), MAX_WAIT_SECONDS);
}

/**
 * The value of `Idempotency-Key`, null when absent.
 *
 * @throws ProblemError `invalid_request` unless it is 1 to 255 printable ASCII characters
 */
export function idempotencyKey(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (/^[\x21-\x7e]{1,255}$/.test(value)) return value;
  throw new ProblemError(
    'invalid_request',
    'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces',
  );
}
