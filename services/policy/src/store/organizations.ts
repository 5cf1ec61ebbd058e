import type { PolicyAction } from '@aegis/contracts/policy-rules';
import type { Tx } from '@aegis/postgres/transaction';
import type { Settings } from '../domain/organization.ts';

/** An organisation's settings, and the number of the policy set that decides right now. */
export interface Organization {
  readonly settings: Settings;
  readonly policySetVersion: number;
}

interface OrganizationRow {
  readonly base_currency: string;
  readonly base_exponent: number;
  readonly time_zone: string;
  readonly default_action: PolicyAction;
  readonly fx_max_age_hours: number;
  readonly policy_set_version: number;
  readonly [column: string]: unknown;
}

/**
 * How the row is held to the end of the transaction: `change` for whoever changes settings or policies, one at a time;
 * `keep` for whoever relies on the base currency.
 */
export type OrganizationLock = 'none' | 'keep' | 'change';

const LOCKS: Readonly<Record<OrganizationLock, string>> = {
  none: '',
  keep: 'FOR KEY SHARE',
  change: 'FOR UPDATE',
};

export async function findOrganization(
  tx: Tx,
  organizationId: string,
  lock: OrganizationLock = 'none',
): Promise<Organization | null> {
  const { rows } = await tx.query<OrganizationRow>(
    `SELECT base_currency, base_exponent, time_zone, default_action, fx_max_age_hours, policy_set_version
     FROM organizations WHERE organization_id = $1 ${LOCKS[lock]}`,
    [organizationId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    settings: {
      baseCurrency: row.base_currency,
      baseExponent: row.base_exponent,
      timeZone: row.time_zone,
      defaultAction: row.default_action,
      fxMaxAgeHours: row.fx_max_age_hours,
    },
    policySetVersion: row.policy_set_version,
  };
}

/** False when another transaction made it first. It has no policy set yet. */
export async function insertOrganization(
  tx: Tx,
  organizationId: string,
  settings: Settings,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO organizations (organization_id, base_currency, base_exponent, time_zone, default_action,
                                fx_max_age_hours, policy_set_version, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7) ON CONFLICT (organization_id) DO NOTHING`,
    [organizationId, ...values(settings), now],
  );
  return rowCount === 1;
}

export async function updateOrganization(
  tx: Tx,
  organizationId: string,
  { settings, policySetVersion }: Organization,
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE organizations SET base_currency = $2, base_exponent = $3, time_zone = $4, default_action = $5,
                              fx_max_age_hours = $6, policy_set_version = $7, updated_at = $8
     WHERE organization_id = $1`,
    [organizationId, ...values(settings), policySetVersion, now],
  );
}

function values({ baseCurrency, baseExponent, timeZone, defaultAction, fxMaxAgeHours }: Settings): unknown[] {
  return [baseCurrency, baseExponent, timeZone, defaultAction, fxMaxAgeHours];
}

export async function hasAgents(tx: Tx, organizationId: string): Promise<boolean> {
  const { rows } = await tx.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM agents WHERE organization_id = $1) AS found',
    [organizationId],
  );
  return rows[0]?.found === true;
}
