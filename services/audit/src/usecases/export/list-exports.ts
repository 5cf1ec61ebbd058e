import type { Database } from '@aegis/postgres/database';
import type { ExportDefinition } from '../../domain/export/definition.ts';
import { selectExports } from '../../store/exports.ts';

/** Newest first, those before the one named. */
export function listExports(
  database: Database,
  organizationId: string,
  before: string | null,
  limit: number,
): Promise<readonly ExportDefinition[]> {
  return database.read({ organizationId }, (tx) => selectExports(tx, organizationId, before, limit));
}
