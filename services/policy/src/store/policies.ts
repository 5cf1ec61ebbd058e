import type { ApprovalTerms, PolicyAction, PolicyMode, RuleGroup } from '@aegis/contracts/policy-rules';
import { idSchema } from '@aegis/contracts/ids';
import type { Tx } from '@aegis/postgres/transaction';
import { positionTimeSchema } from '@aegis/contracts/http/text';
import { z } from 'zod';
import { COUNT_LIMIT, type Page, pageOf, type PageRequest } from '../domain/page.ts';
import { type Policy, policyDigest } from '../domain/policy.ts';

export interface PolicyRow {
  readonly policy_id: string;
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  readonly priority: number;
  readonly action: PolicyAction;
  readonly rules: RuleGroup;
  readonly is_active: boolean;
  readonly mode: PolicyMode;
  readonly approval: ApprovalTerms | null;
  readonly archived: boolean;
  readonly created_at: Date;
  readonly first_created_at: Date;
  readonly [column: string]: unknown;
}

/** The rules were checked before they were written, and the digest of the version covers them. */
export function policyOf(row: PolicyRow): Policy {
  return {
    id: row.policy_id,
    version: row.version,
    name: row.name,
    description: row.description,
    priority: row.priority,
    action: row.action,
    rules: row.rules,
    isActive: row.is_active,
    mode: row.mode,
    approval: row.approval,
    archived: row.archived,
    createdAt: row.first_created_at.toISOString(),
    updatedAt: row.created_at.toISOString(),
  };
}

const CURRENT = `SELECT v.*, p.created_at AS first_created_at FROM policies p
                 JOIN policy_versions v USING (organization_id, policy_id, version)`;

export async function findPolicy(tx: Tx, organizationId: string, id: string): Promise<Policy | null> {
  const { rows } = await tx.query<PolicyRow>(`${CURRENT} WHERE p.organization_id = $1 AND p.policy_id = $2`, [
    organizationId,
    id,
  ]);
  return rows[0] ? policyOf(rows[0]) : null;
}

/** Everything that is not archived, in no particular order. */
export async function allPolicies(tx: Tx, organizationId: string): Promise<Policy[]> {
  const { rows } = await tx.query<PolicyRow>(`${CURRENT} WHERE p.organization_id = $1 AND NOT p.archived`, [
    organizationId,
  ]);
  return rows.map(policyOf);
}

/** Where a policy stands in the list: priority, creation, id. */
export const policyKeySchema = z.tuple([z.number(), positionTimeSchema, idSchema('pol')]);
export type PolicyKey = z.infer<typeof policyKeySchema>;

/** What is not archived, in the order of evaluation. */
export async function listPolicies(
  tx: Tx,
  organizationId: string,
  page: PageRequest<PolicyKey>,
): Promise<Page<Policy>> {
  const [priority, createdAt, id] = page.after ?? [];
  const [found, count] = await Promise.all([
    tx.query<PolicyRow>(
      `${CURRENT} WHERE p.organization_id = $1 AND NOT p.archived
         AND ($2::float8 IS NULL OR (-v.priority, p.created_at, p.policy_id) > (-$2::float8, $3::timestamptz, $4::text))
       ORDER BY v.priority DESC, p.created_at, p.policy_id LIMIT $5 OFFSET $6`,
      [organizationId, priority ?? null, createdAt ?? null, id ?? null, page.limit + 1, page.offset],
    ),
    tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM
         (SELECT FROM policies WHERE organization_id = $1 AND NOT archived LIMIT $2) AS counted`,
      [organizationId, COUNT_LIMIT + 1],
    ),
  ]);
  return pageOf(found.rows.map(policyOf), page, count.rows[0]?.count ?? 0, (policy) => [
    policy.priority,
    policy.createdAt,
    policy.id,
  ]);
}

/** Where a version stands in the list of versions: its number. */
export const versionKeySchema = z.tuple([z.int32()]);
export type VersionKey = z.infer<typeof versionKeySchema>;

/** Every version that the policy had, the newest first. */
export async function listPolicyVersions(
  tx: Tx,
  organizationId: string,
  id: string,
  page: PageRequest<VersionKey>,
): Promise<Page<Policy>> {
  const [found, count] = await Promise.all([
    tx.query<PolicyRow>(
      `SELECT v.*, p.created_at AS first_created_at
       FROM policies p
       JOIN policy_versions v ON v.organization_id = p.organization_id AND v.policy_id = p.policy_id
       WHERE p.organization_id = $1 AND p.policy_id = $2 AND ($3::integer IS NULL OR v.version < $3)
       ORDER BY v.version DESC LIMIT $4 OFFSET $5`,
      [organizationId, id, page.after?.[0] ?? null, page.limit + 1, page.offset],
    ),
    tx.query<{ count: number }>('SELECT version AS count FROM policies WHERE organization_id = $1 AND policy_id = $2', [
      organizationId,
      id,
    ]),
  ]);
  return pageOf(found.rows.map(policyOf), page, count.rows[0]?.count ?? 0, ({ version }) => [version]);
}

/** Adds a version and makes it the current one. The caller holds the organisation's row. */
export async function savePolicyVersion(tx: Tx, organizationId: string, policy: Policy): Promise<void> {
  await Promise.all([
    tx.query(
      `INSERT INTO policies (organization_id, policy_id, version, archived, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (organization_id, policy_id) DO UPDATE SET version = excluded.version, archived = excluded.archived`,
      [organizationId, policy.id, policy.version, policy.archived, policy.createdAt],
    ),
    tx.query(
      `INSERT INTO policy_versions (organization_id, policy_id, version, name, description, priority, action, rules,
                                    is_active, approval, archived, sha256, created_at, mode)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        organizationId,
        policy.id,
        policy.version,
        policy.name,
        policy.description,
        policy.priority,
        policy.action,
        JSON.stringify(policy.rules),
        policy.isActive,
        policy.approval && JSON.stringify(policy.approval),
        policy.archived,
        policyDigest(policy),
        policy.updatedAt,
        policy.mode,
      ],
    ),
  ]);
}
