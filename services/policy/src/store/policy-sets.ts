import type { PolicyAction } from '@aegis/contracts/policy-rules';
import type { Tx } from '@aegis/postgres/transaction';
import type { Settings } from '../domain/organization.ts';
import type { Policy } from '../domain/policy.ts';
import { type Page, pageOf, type PageRequest } from '../domain/page.ts';
import { type PolicyRow, policyOf, type VersionKey } from './policies.ts';

/** One stored version of an organisation's settings and policies. */
export interface StoredPolicySet {
  readonly version: number;
  readonly hash: string;
  readonly settings: Settings;
  readonly policies: readonly Policy[];
}

/** A policy's place in a version; the digest pins its content. */
export interface PolicySetMember {
  readonly id: string;
  readonly version: number;
  readonly sha256: string;
}

interface SetRow {
  readonly sha256: string;
  readonly base_currency: string;
  readonly base_exponent: number;
  readonly time_zone: string;
  readonly default_action: PolicyAction;
  readonly fx_max_age_hours: number;
  readonly [column: string]: unknown;
}

const CURRENT = {
  name: 'policy-sets-current',
  text: `SELECT organization_id, policy_set_version, has_shared_budgets FROM organizations
         WHERE organization_id = ANY ($1::uuid[])`,
};

/** What an organisation decides by right now. */
export interface CurrentVersion {
  readonly version: number;
  /** Whether its agents share budgets; without any nothing is looked up. */
  readonly hasSharedBudgets: boolean;
}

/** The version that each organisation decides by right now. */
export async function currentVersions(
  tx: Tx,
  organizationIds: readonly string[],
): Promise<Map<string, CurrentVersion>> {
  const { rows } = await tx.query<{
    organization_id: string;
    policy_set_version: number;
    has_shared_budgets: boolean;
  }>(CURRENT, [organizationIds]);
  return new Map(
    rows.map((row) => [
      row.organization_id,
      { version: row.policy_set_version, hasSharedBudgets: row.has_shared_budgets },
    ]),
  );
}

function settingsOf(row: SetRow): Settings {
  return {
    baseCurrency: row.base_currency,
    baseExponent: row.base_exponent,
    timeZone: row.time_zone,
    defaultAction: row.default_action,
    fxMaxAgeHours: row.fx_max_age_hours,
  };
}

/** Reads a version back; null when the organisation has none of this number. */
export async function loadPolicySet(tx: Tx, organizationId: string, version: number): Promise<StoredPolicySet | null> {
  const [sets, members] = await Promise.all([
    tx.query<SetRow>(
      `SELECT sha256, base_currency, base_exponent, time_zone, default_action, fx_max_age_hours
       FROM policy_set_versions WHERE organization_id = $1 AND version = $2`,
      [organizationId, version],
    ),
    tx.query<PolicyRow>(
      `SELECT v.*, p.created_at AS first_created_at
       FROM policy_set_versions s
       CROSS JOIN LATERAL json_to_recordset(s.policies) AS m (id text, version integer)
       JOIN policy_versions v ON v.organization_id = s.organization_id AND v.policy_id = m.id AND v.version = m.version
       JOIN policies p ON p.organization_id = v.organization_id AND p.policy_id = v.policy_id
       WHERE s.organization_id = $1 AND s.version = $2`,
      [organizationId, version],
    ),
  ]);
  const set = sets.rows[0];
  if (!set) return null;
  return {
    version,
    hash: set.sha256,
    settings: settingsOf(set),
    policies: members.rows.map(policyOf),
  };
}

/** A version in the list of an organisation's versions. */
export interface PolicySetSummary {
  readonly version: number;
  readonly hash: string;
  readonly settings: Settings;
  readonly policyCount: number;
  readonly createdAt: string;
}

const SUMMARY = `version, sha256, base_currency, base_exponent, time_zone, default_action, fx_max_age_hours, created_at,
                 json_array_length(policies) AS policy_count`;

type SummaryRow = SetRow & { readonly version: number; readonly created_at: Date; readonly policy_count: number };

function summaryOf(row: SummaryRow): PolicySetSummary {
  return {
    version: row.version,
    hash: row.sha256,
    settings: settingsOf(row),
    policyCount: row.policy_count,
    createdAt: row.created_at.toISOString(),
  };
}

/** The newest first; versions are numbered without a gap, so the newest number is how many there are. */
export async function listPolicySets(
  tx: Tx,
  organizationId: string,
  page: PageRequest<VersionKey>,
): Promise<Page<PolicySetSummary>> {
  const [found, newest] = await Promise.all([
    tx.query<SummaryRow>(
      `SELECT ${SUMMARY} FROM policy_set_versions
       WHERE organization_id = $1 AND ($2::integer IS NULL OR version < $2)
       ORDER BY version DESC LIMIT $3 OFFSET $4`,
      [organizationId, page.after?.[0] ?? null, page.limit + 1, page.offset],
    ),
    currentVersions(tx, [organizationId]),
  ]);
  return pageOf(found.rows.map(summaryOf), page, newest.get(organizationId)?.version ?? 0, ({ version }) => [version]);
}

export async function findPolicySet(tx: Tx, organizationId: string, version: number): Promise<PolicySetSummary | null> {
  const { rows } = await tx.query<SummaryRow>(
    `SELECT ${SUMMARY} FROM policy_set_versions WHERE organization_id = $1 AND version = $2`,
    [organizationId, version],
  );
  return rows[0] ? summaryOf(rows[0]) : null;
}

/** Records a version, which never changes afterwards. The caller holds the organisation's row. */
export async function insertPolicySet(
  tx: Tx,
  organizationId: string,
  set: Omit<StoredPolicySet, 'policies'> & { readonly members: readonly PolicySetMember[] },
  createdAt: Date,
): Promise<void> {
  const { baseCurrency, baseExponent, timeZone, defaultAction, fxMaxAgeHours } = set.settings;
  await tx.query(
    `INSERT INTO policy_set_versions (organization_id, version, sha256, base_currency, base_exponent, time_zone,
                                      default_action, fx_max_age_hours, policies, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      organizationId,
      set.version,
      set.hash,
      baseCurrency,
      baseExponent,
      timeZone,
      defaultAction,
      fxMaxAgeHours,
      JSON.stringify(set.members),
      createdAt,
    ],
  );
}
