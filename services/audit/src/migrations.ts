import { join } from 'node:path';

/** What `migrate` runs for this service: its schema, the role it works under and its tables. */
export const auditMigrations = {
  schema: 'audit',
  role: 'aegis_audit',
  otherRoles: ['aegis_audit_retention'],
  dir: join(import.meta.dirname, '../migrations'),
} as const;
