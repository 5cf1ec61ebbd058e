import { join } from 'node:path';
import { startPostgres } from '@aegis/testkit/postgres';
import { createTestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { seekGroup } from '../src/postgres-log/seek.ts';
import { describeBus, type Engine } from './contract.ts';

const migrations = [{ schema: 'bus', dir: join(import.meta.dirname, '../migrations') }];

describeBus(
  'the Postgres log bus',
  async (): Promise<Engine> => {
    const server = await startPostgres({ settings: { fsync: 'off' } });
    const { url } = await createTestDatabase({ server: server.url, migrations });
    return {
      address: { adapter: 'postgres-log', url },
      async seek(options) {
        const pool = new pg.Pool({ connectionString: url, max: 1 });
        await seekGroup(pool, options);
        await pool.end();
      },
      restart: () => server.restart(),
      stop: () => server.stop(),
    };
  },
  true,
);
