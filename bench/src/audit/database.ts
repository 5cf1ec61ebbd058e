import { randomBytes } from 'node:crypto';
import { auditMigrations } from '@aegis/audit/migrations';
import { createDatabase, type Database } from '@aegis/postgres/database';
import { migrate } from '@aegis/postgres/migrate';
import pg from 'pg';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export interface AuditDatabase {
  readonly url: string;
  /** What the keys of the logs are kept with. */
  readonly secretKey: Buffer;
  /** The log as the service sees it. */
  readonly database: Database;
  /** The same tables and indexes, without triggers, row-level security and partitions, in another schema. */
  readonly floor: Database;
  readonly operator: pg.Client;
  close(): Promise<void>;
}

const FLOOR = `
  CREATE SCHEMA floor;
  CREATE TABLE floor.entries (LIKE audit.entries INCLUDING ALL);
  CREATE TABLE floor.disclosures (LIKE audit.disclosures INCLUDING ALL);
  GRANT USAGE ON SCHEMA floor TO aegis_audit;
  GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA floor TO aegis_audit`;

export async function openAuditDatabase(url: string): Promise<AuditDatabase> {
  await migrate({ ...auditMigrations, url });
  const operator = new pg.Client(url);
  await operator.connect();
  await operator.query(FLOOR);
  const open = (schema: string) => createDatabase({ ...auditMigrations, schema, url, log: quiet, maxConnections: 2 });
  const [database, floor] = [open('audit'), open('floor')];
  return {
    url,
    secretKey: randomBytes(32),
    database,
    floor,
    operator,
    async close() {
      await Promise.all([database.close(), floor.close(), operator.end()]);
    },
  };
}
