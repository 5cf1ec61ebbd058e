import { runOnPostgres } from '@aegis/service/run-on-bus';
import { createAuditService } from './app.ts';
import { readAuditConfig } from './config.ts';
import { auditMigrations } from './migrations.ts';

await runOnPostgres('audit', auditMigrations, readAuditConfig, createAuditService);
