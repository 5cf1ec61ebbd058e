import { connectClickHouse } from '@aegis/analytics/clickhouse';
import { readAnalyticsConfig } from '@aegis/analytics/config';
import { migrateAnalytics } from '@aegis/analytics/migrations';
import { readConfig } from '@aegis/runtime/config';
import type { Environment } from '@aegis/runtime/config';
import type { Logger } from '@aegis/runtime/log';
import { busConfig } from '@aegis/service/bus-config';
import { connectBus } from '@aegis/service/connect-bus';
import { readServersConfig } from './config.ts';
import { migratePostgres } from './postgres-schemas.ts';

/** Brings PostgreSQL and ClickHouse up to date. Throws ConfigError where one of them is not named. */
export async function migrateSchemas(env: Environment, log: Logger): Promise<void> {
  const { databaseUrl, clickhouseUrl } = readServersConfig(env);
  const { database } = readAnalyticsConfig(env);
  await migratePostgres(databaseUrl, log);
  const clickhouse = await connectClickHouse({ url: clickhouseUrl });
  try {
    await migrateAnalytics({ clickhouse, database }, log);
  } finally {
    await clickhouse.close();
  }
}

/** Creates the topics that are missing; where the bus is the log in PostgreSQL, its schema must be in place. */
export async function createTopics(env: Environment, log: Logger): Promise<void> {
  const bus = await connectBus(readConfig(busConfig, env), { clientId: 'migrate', log });
  await bus.close();
}
