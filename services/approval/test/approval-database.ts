import type { EncodedEvent } from '@aegis/contracts/events/envelope';
import { type AnyEvent, decodeEvent } from '@aegis/contracts/events/envelope';
import { ALL_ORGANIZATIONS, type Database, createDatabase } from '@aegis/postgres/database';
import { createLogger } from '@aegis/runtime/log';
import { createTestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { approvalMigrations } from '../src/migrations.ts';

export const silent = createLogger({ name: 'test', level: 'silent' });

/** The service's own database, without its relay: what it says stays in the outbox. */
export interface ApprovalDatabase {
  readonly url: string;
  /** As the service works with it. */
  readonly database: Database;
  /** Another replica's. */
  replica(): Database;
  /** Every event said so far, in order. */
  events(): Promise<AnyEvent[]>;
  /** As the superuser, for what no service may do. */
  sql<R extends object>(text: string, values?: unknown[]): Promise<R[]>;
  close(): Promise<void>;
}

export async function openApprovalDatabase(): Promise<ApprovalDatabase> {
  const { url, drop } = await createTestDatabase({ migrations: [approvalMigrations] });
  const { schema, role } = approvalMigrations;
  const databases: Database[] = [];
  const connect = () => {
    const database = createDatabase({ url, schema, role, maxConnections: 10, log: silent });
    databases.push(database);
    return database;
  };
  const superuser = new pg.Pool({ connectionString: url, max: 2, options: '-c search_path=approval' });
  superuser.on('error', () => undefined);
  const database = connect();
  return {
    url,
    database,
    replica: connect,
    async events() {
      const rows = await database.read(ALL_ORGANIZATIONS, async (tx) => {
        const result = await tx.query<{ headers: string; value: string }>(
          'SELECT headers, value FROM outbox ORDER BY id',
        );
        return result.rows;
      });
      return rows.flatMap(({ headers, value }) => {
        const event = decodeEvent({ headers: JSON.parse(headers) as EncodedEvent['headers'], value });
        return event ? [event] : [];
      });
    },
    async sql<R extends object>(text: string, values: unknown[] = []) {
      return (await superuser.query(text, values)).rows as R[];
    },
    async close() {
      await Promise.all([...databases.map((each) => each.close()), superuser.end()]);
      await drop();
    },
  };
}
