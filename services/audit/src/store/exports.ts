import type { Tx } from '@aegis/postgres/transaction';
import type { ExportDefinition, ExportPart } from '../domain/export/definition.ts';

export async function insertExport(tx: Tx, definition: ExportDefinition): Promise<void> {
  await tx.query('INSERT INTO exports (organization_id, export_id, definition) VALUES ($1, $2, $3)', [
    definition.organizationId,
    definition.exportId,
    JSON.stringify(definition),
  ]);
}

export async function selectExport(tx: Tx, organizationId: string, exportId: string): Promise<ExportDefinition | null> {
  const { rows } = await tx.query<{ definition: string }>(
    'SELECT definition FROM exports WHERE organization_id = $1 AND export_id = $2',
    [organizationId, exportId],
  );
  return rows[0] ? (JSON.parse(rows[0].definition) as ExportDefinition) : null;
}

/** Newest first; ids grow with time. */
export async function selectExports(
  tx: Tx,
  organizationId: string,
  before: string | null,
  limit: number,
): Promise<ExportDefinition[]> {
  const { rows } = await tx.query<{ definition: string }>(
    `SELECT definition FROM exports WHERE organization_id = $1 AND ($2::text IS NULL OR export_id < $2)
     ORDER BY export_id DESC LIMIT $3`,
    [organizationId, before, limit],
  );
  return rows.map((row) => JSON.parse(row.definition) as ExportDefinition);
}

export interface WrittenPart {
  readonly bytes: number;
  readonly sha256: string;
}

export async function selectPart(
  tx: Tx,
  organizationId: string,
  exportId: string,
  part: ExportPart,
): Promise<WrittenPart | null> {
  const { rows } = await tx.query<{ bytes: bigint; sha256: string }>(
    'SELECT bytes, sha256 FROM export_parts WHERE organization_id = $1 AND export_id = $2 AND part = $3',
    [organizationId, exportId, part],
  );
  return rows[0] ? { bytes: Number(rows[0].bytes), sha256: rows[0].sha256 } : null;
}

/** The first one stays: the bytes are the same. */
export async function insertPart(
  tx: Tx,
  organizationId: string,
  exportId: string,
  part: ExportPart,
  written: WrittenPart,
): Promise<void> {
  await tx.query(
    `INSERT INTO export_parts (organization_id, export_id, part, bytes, sha256) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [organizationId, exportId, part, written.bytes, written.sha256],
  );
}
