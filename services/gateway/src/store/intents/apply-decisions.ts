import type { Tx } from '@aegis/postgres/transaction';
import type { IntentStatus } from '@aegis/contracts/http/intents';
import type { Decision } from '../../domain/intents/intent.ts';

/** A decision on its way to its intent; `final` is false only while a person is being asked. */
export interface DecidedIntent {
  readonly intentId: string;
  readonly organizationId: string;
  readonly status: Exclude<IntentStatus, 'pending'>;
  readonly final: boolean;
  readonly decision: Decision;
  /** The most that the agent alone may settle; null: the amount. */
  readonly ceilingMinor: bigint | null;
}

/** Compare-and-set: pending moves to anything, pending_approval only to a final decision, and that never moves again. */
const APPLY = {
  name: 'intents-apply-decisions',
  text: `UPDATE intents AS i
         SET status = d.status, policy_decision = d.policy_decision, matched_policy = d.matched_policy,
             matched_policy_id = d.matched_policy_id, risk_score = d.risk_score, risk_factors = d.risk_factors,
             reasons = d.reasons, shadow_policies = d.shadow_policies,
             settle_ceiling_minor = d.ceiling,
             updated_at = greatest(i.created_at, coalesce($13::timestamptz, date_trunc('milliseconds', clock_timestamp())))
         FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bool[], $5::text[], $6::text[], $7::text[], $8::numeric[],
                $9::json[], $10::json[], $11::json[], $12::numeric[])
           AS d (id, organization_id, status, final, policy_decision, matched_policy, matched_policy_id, risk_score,
                 risk_factors, reasons, shadow_policies, ceiling)
         WHERE i.id = d.id AND i.organization_id = d.organization_id
           AND (i.status = 'pending' OR (i.status = 'pending_approval' AND d.final))
         RETURNING i.id`,
};

/**
 * Moves the intents that may still move, at most one decision for each, and returns the ids of those that did.
 *
 * @param now overrides the database's clock
 */
export async function applyDecisions(tx: Tx, decided: readonly DecidedIntent[], now: Date | null): Promise<string[]> {
  const column = <T>(read: (intent: DecidedIntent) => T): T[] => decided.map(read);
  const { rows } = await tx.query<{ id: string }>(APPLY, [
    column(({ intentId }) => intentId),
    column(({ organizationId }) => organizationId),
    column(({ status }) => status),
    column(({ final }) => final),
    column(({ decision }) => decision.policyDecision),
    column(({ decision }) => decision.matchedPolicy),
    column(({ decision }) => decision.matchedPolicyId),
    column(({ decision }) => decision.riskScore),
    column(({ decision }) => JSON.stringify(decision.riskFactors)),
    column(({ decision }) => JSON.stringify(decision.reasons)),
    column(({ decision: { shadowPolicies } }) => (shadowPolicies.length > 0 ? JSON.stringify(shadowPolicies) : null)),
    column(({ ceilingMinor }) => ceilingMinor?.toString() ?? null),
    now,
  ]);
  return rows.map((row) => row.id);
}
