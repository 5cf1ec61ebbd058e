import { runOnBus } from '@aegis/service/run-on-bus';
import { createAnalyticsService } from './app.ts';
import { connectClickHouse } from './clickhouse.ts';
import { readAnalyticsConfig } from './config.ts';
import { migrateAnalytics } from './migrations.ts';

await runOnBus('analytics', async ({ env, migrates, ...context }) => {
  const config = readAnalyticsConfig(env);
  const clickhouse = await connectClickHouse(config.clickhouse);
  if (migrates) await migrateAnalytics({ clickhouse, database: config.database }, context.log);
  const service = await createAnalyticsService(config, { ...context, clickhouse });
  return {
    ...service,
    async stop() {
      await service.stop();
      await clickhouse.close();
    },
  };
});
