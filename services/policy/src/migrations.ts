import { join } from 'node:path';

/** What the composition root hands to `migrate` and to test databases. */
export const policyMigrations = {
  schema: 'policy',
  role: 'aegis_policy',
  dir: join(import.meta.dirname, '../migrations'),
  modules: ['outbox'],
} as const;
