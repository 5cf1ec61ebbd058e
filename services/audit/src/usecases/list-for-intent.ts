import type { Database } from '@aegis/postgres/database';
import type { EntryReference } from '../domain/stored-entry.ts';
import { selectForIntent } from '../store/intent-entries.ts';

/** More entries than any intent's life has. */
const MAX_ENTRIES = 1_000;

export function listForIntent(
  database: Database,
  organizationId: string,
  intentId: string,
): Promise<readonly EntryReference[]> {
  return database.read({ organizationId }, (tx) => selectForIntent(tx, organizationId, intentId, MAX_ENTRIES));
}
