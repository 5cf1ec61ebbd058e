import { approvalMigrations } from '@aegis/approval/migrations';
import { auditMigrations } from '@aegis/audit/migrations';
import { busMigrations } from '@aegis/bus/migrations';
import { gatewayMigrations } from '@aegis/gateway/migrations';
import { policyMigrations } from '@aegis/policy/migrations';
import { migrate } from '@aegis/postgres/migrate';
import type { Logger } from '@aegis/runtime/log';

const SCHEMAS = [busMigrations, policyMigrations, approvalMigrations, auditMigrations, gatewayMigrations];

/** Brings every PostgreSQL schema up to date, one after another. */
export async function migratePostgres(url: string, log: Logger): Promise<void> {
  for (const schema of SCHEMAS) await migrate({ url, ...schema, log });
}
