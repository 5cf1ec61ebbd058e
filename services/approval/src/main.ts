import { runOnPostgres } from '@aegis/service/run-on-bus';
import { createApprovalService } from './app.ts';
import { readApprovalConfig } from './config.ts';
import { approvalMigrations } from './migrations.ts';

await runOnPostgres('approval', approvalMigrations, readApprovalConfig, createApprovalService);
