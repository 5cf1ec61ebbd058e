import { busMigrations } from '@aegis/bus/migrations';
import { type Database, createDatabase } from '@aegis/postgres/database';
import { createLogger } from '@aegis/runtime/log';
import { createTestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { auditMigrations } from '../src/migrations.ts';
import type { CheckpointPlace } from '../src/usecases/checkpoint-place.ts';
import { verifyChain, type VerifyProgress } from '../src/usecases/verify-chain.ts';

export const silent = createLogger({ name: 'test', level: 'silent' });

export interface AuditDatabase {
  readonly url: string;
  /** As the service sees it: under its role, with row-level security. */
  readonly database: Database;
  /** As an operator with every right sees it. */
  sql<R extends object>(text: string, values?: unknown[]): Promise<R[]>;
  /** Runs `work` while nothing can be appended, so that what it does breaks off there. */
  withoutAppending(work: () => Promise<unknown>): Promise<void>;
  /** Changes rows as somebody would who first switched off the triggers. */
  tamper(text: string, values?: unknown[]): Promise<void>;
  close(): Promise<void>;
}

export async function openAuditDatabase(): Promise<AuditDatabase> {
  const test = await createTestDatabase({ migrations: [auditMigrations, busMigrations] });
  const database = createDatabase({ ...auditMigrations, url: test.url, maxConnections: 5, log: silent });
  const client = new pg.Client({ connectionString: test.url, options: '-c search_path=audit' });
  await client.connect();
  return {
    url: test.url,
    database,
    sql: async <R extends object>(text: string, values?: unknown[]) => (await client.query<R>(text, values)).rows,
    async withoutAppending(work) {
      await client.query('REVOKE INSERT ON entries FROM aegis_audit');
      try {
        await work();
      } finally {
        await client.query('GRANT INSERT ON entries TO aegis_audit');
      }
    },
    async tamper(text, values) {
      await client.query('SET session_replication_role = replica');
      const { rowCount } = await client.query(text, values);
      await client.query('SET session_replication_role = DEFAULT');
      if (!rowCount) throw new Error(`nothing was changed by ${text}`);
    },
    async close() {
      await database.close();
      await client.end();
      await test.drop();
    },
  };
}

/** The last report of a whole check. */
export async function verified(
  database: Database,
  organizationId: string,
  place: CheckpointPlace | null = null,
): Promise<VerifyProgress> {
  let last: VerifyProgress | null = null;
  const dependencies = { database, place };
  for await (const report of verifyChain(dependencies, organizationId, new AbortController().signal)) last = report;
  if (!last?.result) throw new Error('the check did not end');
  return last;
}
