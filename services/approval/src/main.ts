import { migrate } from '@aegis/postgres/migrate';
import { runOnBus } from '@aegis/service/run-on-bus';
import { createApprovalService } from './app.ts';
import { readApprovalConfig } from './config.ts';
import { approvalMigrations } from './migrations.ts';

await runOnBus('approval', async ({ env, ...context }) => {
  const config = readApprovalConfig(env);
  await migrate({ ...approvalMigrations, url: config.databaseUrl, log: context.log });
  return createApprovalService(config, context);
});
