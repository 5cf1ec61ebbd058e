import { join } from 'node:path';

/** What `migrate` runs for this service: its schema, the role it works under and its tables. */
export const gatewayMigrations = {
  schema: 'gateway',
  role: 'aegis_gateway',
  dir: join(import.meta.dirname, '../migrations'),
  modules: ['outbox'],
} as const;
