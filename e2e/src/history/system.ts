import { rm } from 'node:fs/promises';
import { createLogger } from '@aegis/runtime/log';
import type { Clock } from '@aegis/runtime/clock';
import { createStandalone } from '@aegis/standalone/standalone';
import { temporaryDataDir } from '@aegis/testkit/data-dir';
import { startPostgres } from '@aegis/testkit/postgres';
import { freePort } from '@aegis/testkit/system';
import pg from 'pg';

/** The system's clock: the machine's, until it is told to show another time. */
export class FollowingClock implements Clock {
  #at: Date | null = null;

  now(): Date {
    return this.#at ?? new Date();
  }

  show(at: Date | null): void {
    this.#at = at;
  }
}

/** The whole system, all services and a durable PostgreSQL, as `npm start` composes it but for its clock. */
export interface HistorySystem {
  readonly clock: FollowingClock;
  readonly baseUrl: string;
  readonly operatorKey: string;
  /** As the database's superuser, to look at what the API does not show. */
  rows<R extends object>(text: string, values: readonly unknown[]): Promise<R[]>;
  stop(): Promise<void>;
}

const OPERATOR_KEY = 'operator-of-the-history-system';

export async function startHistorySystem(env: Readonly<Record<string, string>> = {}): Promise<HistorySystem> {
  const [dataDir, port, postgres] = await Promise.all([
    temporaryDataDir('aegis-history-'),
    freePort(),
    startPostgres(),
  ]);
  const clock = new FollowingClock();
  const context = {
    env: {
      AEGIS_DATA_DIR: dataDir,
      PORT: String(port),
      DATABASE_URL: postgres.url,
      AEGIS_OPERATOR_KEY: OPERATOR_KEY,
      POLICY_MAX_OPEN_APPROVALS: '1000000',
      ...env,
    },
    log: createLogger({ name: 'history', level: 'warn' }),
    clock,
    fail: (error: unknown) => {
      throw error;
    },
  };
  const system = await createStandalone(context, () => undefined);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on('error', () => undefined);
  return {
    clock,
    baseUrl: `http://127.0.0.1:${port}`,
    operatorKey: OPERATOR_KEY,
    async rows<R extends object>(text: string, values: readonly unknown[]) {
      return (await pool.query<R>(text, [...values])).rows;
    },
    async stop() {
      await pool.end();
      await system.stop();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
