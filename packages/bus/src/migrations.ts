import { join } from 'node:path';

/** What `migrate` runs before the log in PostgreSQL can be used. */
export const busMigrations = {
  schema: 'bus',
  role: 'aegis_bus',
  dir: join(import.meta.dirname, '../migrations'),
} as const;
