import { runOnPostgres } from '@aegis/service/run-on-bus';
import { createPolicyService } from './app.ts';
import { readPolicyConfig } from './config.ts';
import { policyMigrations } from './migrations.ts';

await runOnPostgres('policy', policyMigrations, readPolicyConfig, createPolicyService);
