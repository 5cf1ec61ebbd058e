import { join } from 'node:path';
import type { Log } from '@aegis/bus/log';
import { createTestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { createDatabase, type Database, type DatabaseOptions } from '../src/database.ts';

export const LEDGER = {
  schema: 'ledger',
  dir: join(import.meta.dirname, 'ledger-migrations'),
  modules: ['outbox', 'inbox'],
} as const;

export const ACME = '0193f2c3-a1b2-7c4d-8e5f-60718293a4b5';
export const GLOBEX = '0193f2c3-ffff-7c4d-8e5f-60718293a4b5';

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface Ledger extends AsyncDisposable {
  readonly url: string;
  readonly database: Database;
  /** Asks as the superuser. */
  admin(text: string, values?: unknown[]): Promise<pg.QueryResult>;
  /** Another replica of the service, with a pool of its own. */
  replica(options?: Partial<DatabaseOptions>): Database;
}

/** A migrated database of one's own and the service's way into it; gone at the end of the block. */
export async function openLedger(): Promise<Ledger> {
  const { url, drop } = await createTestDatabase({ migrations: [LEDGER] });
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  admin.on('error', () => undefined);
  const replicas: Database[] = [];
  const replica: Ledger['replica'] = (options) => {
    const database = createDatabase({ url, schema: 'ledger', log: silent, ...options });
    replicas.push(database);
    return database;
  };
  return {
    url,
    database: replica(),
    admin: (text, values) => admin.query(text, values),
    replica,
    async [Symbol.asyncDispose]() {
      await Promise.all([admin.end(), ...replicas.map((database) => database.close())]);
      await drop();
    },
  };
}
