import { busMigrations } from '@aegis/bus/migrations';
import { connectBus } from '@aegis/service/connect-bus';
import type { Bus } from '@aegis/bus/port';
import { migrate } from '@aegis/postgres/migrate';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** The log in PostgreSQL with every topic, in the schema `bus` of the database that the superuser's `url` names. */
export async function createTestBus(url: string): Promise<Bus> {
  await migrate({ ...busMigrations, url });
  return connectBus({ adapter: 'postgres-log', databaseUrl: url }, { clientId: 'test', log });
}
