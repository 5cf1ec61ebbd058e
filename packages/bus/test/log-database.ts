import { join } from 'node:path';
import { createDatabase, type Database } from '@aegis/postgres/database';
import { createTestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { createPostgresLogBus, type PostgresLogOptions } from '../src/postgres-log.ts';
import type { Bus } from '../src/port.ts';
import { silent } from './contract.ts';

export interface LogDatabase {
  readonly url: string;
  /** Works under the role of the bus. */
  readonly database: Database;
  /** Another bus on the same log, as another process would have; ended by `drop`. */
  openBus(options?: Partial<PostgresLogOptions>): Bus;
  asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  drop(): Promise<void>;
}

/** A fresh log on the server that the test run shares. */
export async function createLogDatabase(): Promise<LogDatabase> {
  const migrations = [{ schema: 'bus', dir: join(import.meta.dirname, '../migrations') }];
  const test = await createTestDatabase({ migrations });
  const database = createDatabase({ url: test.url, schema: 'bus', maxConnections: 30, log: silent });
  const buses: Bus[] = [];
  return {
    url: test.url,
    database,
    openBus(options = {}) {
      const bus = createPostgresLogBus({
        pool: database.pool,
        url: test.url,
        clientId: 'test',
        heartbeatMs: 100,
        leaseMs: 1_000,
        sweepMs: 100,
        log: silent,
        ...options,
      });
      buses.push(bus);
      return bus;
    },
    async asSuperuser(work) {
      const client = new pg.Client(test.url);
      await client.connect();
      try {
        return await work(client);
      } finally {
        await client.end();
      }
    },
    async drop() {
      await Promise.all(buses.map((bus) => bus.close()));
      await database.close();
      await test.drop();
    },
  };
}
