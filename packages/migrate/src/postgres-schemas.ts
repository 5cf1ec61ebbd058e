import { approvalMigrations } from '@aegis/approval/migrations';
import { auditMigrations } from '@aegis/audit/migrations';
import { busMigrations } from '@aegis/bus/migrations';
import { gatewayMigrations } from '@aegis/gateway/migrations';
import { policyMigrations } from '@aegis/policy/migrations';
import { migrate, type MigrateOptions } from '@aegis/postgres/migrate';
import type { Logger } from '@aegis/runtime/log';

/** What PostgreSQL holds: the bus and four services. */
export const POSTGRES_SCHEMAS: readonly Omit<MigrateOptions, 'url' | 'log' | 'only'>[] = [
  busMigrations,
  policyMigrations,
  approvalMigrations,
  auditMigrations,
  gatewayMigrations,
];

/** Brings every PostgreSQL schema up to date, one after another; with `only`, as far as another database was. */
export async function migratePostgres(
  url: string,
  log: Logger,
  only?: (schema: string) => ReadonlySet<string>,
): Promise<void> {
  for (const schema of POSTGRES_SCHEMAS) {
    await migrate({ url, ...schema, log, ...(only && { only: only(schema.schema) }) });
  }
}
