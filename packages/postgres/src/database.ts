import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@aegis/bus/log';
import pg from 'pg';
import { connectionConfig, type SessionSettings } from './connection.ts';
import { isConflict, UnavailableError } from './errors.ts';
import { runTransaction, type Tx } from './transaction.ts';

/** For work that spans organisations by design: consumers, relays, sweeps. Never chosen by a request. */
export const ALL_ORGANIZATIONS = Symbol('all organizations');

/** Whose rows a transaction may see and write; enforced by row-level security behind every query's own condition. */
export type Scope = { readonly organizationId: string } | typeof ALL_ORGANIZATIONS;

export interface DatabaseOptions {
  readonly url: string;
  readonly schema: string;
  /** Default `aegis_<schema>`. */
  readonly role?: string;
  readonly maxConnections?: number;
  /** How long to wait for a connection, be it a free one or a new one. Default 5,000. */
  readonly acquireTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly applicationName?: string;
  readonly log: Log;
}

export interface Database {
  readonly schema: string;
  /**
   * Runs `work` in one transaction: BEGIN travels with the first statement, COMMIT alone. A serialization failure or a
   * deadlock runs `work` again, up to three times in all, so `work` does nothing but SQL and builds its answer afresh.
   * Throws `CommitUnknownError` when the connection was lost at COMMIT, `UnavailableError` when before.
   */
  tx<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Like `tx`, read-only and on one snapshot: two statements see the same state. */
  read<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Calls `listener` after each commit in this process that called `tx.signal(channel)`. Returns the way out. */
  onSignal(channel: string, listener: () => void): () => void;
  /** A connection of one's own beside the pool, under the same role, for session locks and LISTEN. */
  connect(settings?: SessionSettings): Promise<pg.Client>;
  ping(): Promise<void>;
  /** Waits for the transactions in flight. */
  close(): Promise<void>;
  readonly pool: pg.Pool;
}

const BEGIN_READ = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const ATTEMPTS = 3;
const BACKOFF_MS = 10;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createDatabase(options: DatabaseOptions): Database {
  const { url, schema, log } = options;
  const settings = sessionSettings(options);
  const pool = createPool(options, settings);
  const listeners = new Map<string, Set<() => void>>();

  async function checkOut(): Promise<pg.PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw new UnavailableError(error);
    }
  }

  async function run<T>(mode: { begin: string; readOnly: boolean }, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { value, signals } = await runTransaction(await checkOut(), mode, work);
        for (const channel of signals) listeners.get(channel)?.forEach((listener) => listener());
        return value;
      } catch (error) {
        if (attempt === ATTEMPTS || !isConflict(error)) throw error;
        log.debug({ err: error, attempt }, 'transaction conflict, running it again');
        await sleep(Math.random() * BACKOFF_MS * 2 ** attempt);
      }
    }
  }

  return {
    schema,
    pool,
    tx: (scope, work) => run({ begin: `BEGIN; ${visibility(scope)}`, readOnly: false }, work),
    read: (scope, work) => run({ begin: `${BEGIN_READ}; ${visibility(scope)}`, readOnly: true }, work),
    onSignal(channel, listener) {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      return () => set.delete(listener);
    },
    async connect(extra = {}) {
      const client = new pg.Client(connectionConfig(url, { ...settings, ...extra }));
      client.on('error', ({ message }) => log.warn({ reason: message }, 'dedicated database connection failed'));
      await client.connect();
      return client;
    },
    async ping() {
      await pool.query('SELECT 1');
    },
    close: () => pool.end(),
  };
}

/** Part of a statement text, so the only value in it is checked to be a UUID. */
function visibility(scope: Scope): string {
  const value = scope === ALL_ORGANIZATIONS ? '*' : scope.organizationId;
  if (scope !== ALL_ORGANIZATIONS && !UUID.test(value)) throw new TypeError('organizationId is not a UUID');
  return `SET LOCAL aegis.organization = '${value}'`;
}

function sessionSettings(options: DatabaseOptions): SessionSettings {
  const { schema, role = `aegis_${schema}`, statementTimeoutMs = 15_000, lockTimeoutMs = 5_000 } = options;
  return {
    search_path: schema,
    role,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    application_name: options.applicationName ?? schema,
    timezone: 'UTC',
    jit: 'off',
  };
}

function createPool(options: DatabaseOptions, settings: SessionSettings): pg.Pool {
  const { log, maxConnections = 10, acquireTimeoutMs = 5_000 } = options;
  const pool = new pg.Pool({
    ...connectionConfig(options.url, settings),
    max: maxConnections,
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: 600_000,
    maxLifetimeSeconds: 3_600,
  });
  // Without listeners, a connection that breaks ends the process: idle in the pool, or between two statements.
  // Only the message is logged, as the pool hangs the whole client on the error.
  pool.on('error', ({ message }) => log.warn({ reason: message }, 'idle database connection failed'));
  pool.on('connect', (client) => {
    client.on('error', ({ message }) => log.debug({ reason: message }, 'database connection failed'));
  });
  return pool;
}
