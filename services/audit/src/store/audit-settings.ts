import type { AuditSettings } from '@aegis/contracts/http/audit-settings';
import type { Tx } from '@aegis/postgres/transaction';

export interface SettingsVersion {
  /** 0 before anything was set. */
  readonly version: number;
  readonly updatedAt: Date | null;
  readonly settings: AuditSettings;
}

const NEVER_SET: SettingsVersion = { version: 0, updatedAt: null, settings: {} };

export async function latestSettings(tx: Tx, organizationId: string): Promise<SettingsVersion> {
  const { rows } = await tx.query<{ version: number; updated_at: Date; settings: string }>(
    `SELECT version, updated_at, settings FROM audit_settings WHERE organization_id = $1 ORDER BY version DESC LIMIT 1`,
    [organizationId],
  );
  const row = rows[0];
  if (!row) return NEVER_SET;
  return { version: row.version, updatedAt: row.updated_at, settings: JSON.parse(row.settings) as AuditSettings };
}

/** False when another change took this version. */
export async function insertSettings(
  tx: Tx,
  organizationId: string,
  version: number,
  settings: AuditSettings,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'INSERT INTO audit_settings (organization_id, version, settings) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [organizationId, version, JSON.stringify(settings)],
  );
  return rowCount === 1;
}
