import { migrate } from '@aegis/postgres/migrate';
import { runOnBus } from '@aegis/service/run-on-bus';
import { createAuditService } from './app.ts';
import { readAuditConfig } from './config.ts';
import { auditMigrations } from './migrations.ts';

await runOnBus('audit', async ({ env, ...context }) => {
  const config = readAuditConfig(env);
  await migrate({ ...auditMigrations, url: config.databaseUrl, log: context.log });
  return createAuditService(config, context);
});
