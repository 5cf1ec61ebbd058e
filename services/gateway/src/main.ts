import { migrate } from '@aegis/postgres/migrate';
import { runOnBus } from '@aegis/service/run-on-bus';
import { createGatewayService } from './app.ts';
import { readGatewayConfig } from './config.ts';
import { gatewayMigrations } from './migrations.ts';

await runOnBus('gateway', async ({ env, ...context }) => {
  const config = readGatewayConfig(env);
  await migrate({ ...gatewayMigrations, url: config.databaseUrl, log: context.log });
  return createGatewayService(config, context);
});
