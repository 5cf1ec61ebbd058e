import { PermanentError } from '@aegis/bus/port';
import pg from 'pg';

/**
 * The database cannot be reached, has no connection free in time, or ended the session before COMMIT. Nothing was
 * written; it may work later (HTTP 503). `code` is the SQLSTATE or the operating system's code, such as ECONNREFUSED.
 */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  readonly code: string | undefined;

  constructor(cause: unknown) {
    super(`database unavailable: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  }
}

/**
 * The connection was lost while COMMIT was on its way: the transaction may have been made durable or not. Only the data
 * tell; run the operation again if it is idempotent, and never answer that it failed.
 */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

/** The queue in front of the database is full. Nothing was tried; the caller may come back later (HTTP 503). */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}

/** The five-character SQLSTATE of an error that PostgreSQL sent, else undefined (a lost connection has none). */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof UnavailableError) return sqlState(error.cause);
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/**
 * True when the database is to blame and the same may work later: unavailable or overloaded, the outcome of COMMIT
 * unknown, out of time (57014, 55P03), in conflict (40) or short of resources (53).
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof UnavailableError || error instanceof OverloadedError) return true;
  return error instanceof CommitUnknownError || /^(?:57014|55P03|40|53)/.test(sqlState(error) ?? '');
}

/**
 * True when the same input will fail the same way for ever: a value malformed or out of range (class 22), a broken
 * constraint (class 23), an exception raised by our own SQL (P0001) or a `PermanentError`. Connections, serialization,
 * deadlocks, time-outs, a full disk, and a missing table or grant (class 42: a deployment in progress) may all pass.
 */
export function isPermanent(error: unknown): boolean {
  if (error instanceof PermanentError) return true;
  const state = sqlState(error);
  return state !== undefined && (/^2[23]/.test(state) || state === 'P0001');
}

/** The whole transaction may be run again with a fair chance: serialization failure or deadlock. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/**
 * Whether the session cannot be used after this error: anything but an answer about one statement, and the states with
 * which a server ends a session (57P, 25P03, 25P04, 08), refuses to write because it became a standby (25006), or
 * reports damage (58, XX). Told by SQLSTATE, as the severity is translated by servers in other languages.
 */
export function endsSession(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || /^(?:08|57P|25P0[34]|25006|58|XX)/.test(state);
}
