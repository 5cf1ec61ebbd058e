import pg from 'pg';
import { RecoveryError } from './recovery-error.ts';

/** Texts that mean the same whatever the server's settings are, and every row of every organisation. */
const SETTINGS = [
  'datestyle=ISO,YMD',
  'intervalstyle=iso_8601',
  'timezone=UTC',
  'bytea_output=hex',
  'extra_float_digits=3',
  'client_encoding=UTF8',
  'statement_timeout=0',
  'idle_in_transaction_session_timeout=0',
  'lock_timeout=60000',
  'aegis.organization=*',
];

/**
 * A connection for moving whole tables. The caller ends it.
 *
 * @throws RecoveryError where there is none to be had
 */
export async function openSession(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'aegis backup',
    options: SETTINGS.map((setting) => `-c ${setting}`).join(' '),
  });
  // A lost connection rejects the statement in flight; the event alone must not end the process.
  client.on('error', () => undefined);
  await client.connect().catch((error: Error) => {
    throw new RecoveryError(
      `PostgreSQL cannot be reached (${error.message}). See that it runs, and check DATABASE_URL.`,
      {
        cause: error,
      },
    );
  });
  return client;
}

/** `schema.table`, quoted. */
export function qualified({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
}

/** The columns of COPY, quoted. */
export function columnList(columns: readonly string[]): string {
  return columns.map((column) => pg.escapeIdentifier(column)).join(', ');
}
