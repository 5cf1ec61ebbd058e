import { migrate } from '@aegis/postgres/migrate';
import { runOnBus } from '@aegis/service/run-on-bus';
import { createPolicyService } from './app.ts';
import { readPolicyConfig } from './config.ts';
import { policyMigrations } from './migrations.ts';

await runOnBus('policy', async ({ env, ...context }) => {
  const config = readPolicyConfig(env);
  await migrate({ ...policyMigrations, url: config.databaseUrl, log: context.log });
  return createPolicyService(config, context);
});
