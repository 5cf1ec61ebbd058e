import type { IntentStatus, PolicyDecision, RiskFactor } from '@aegis/contracts/http/intents';
import type { Decision, StoredIntent } from '../../domain/intents/intent.ts';

/** The columns of `IntentRow`, in a SELECT. */
export const INTENT_COLUMNS = `id, organization_id, agent_id, status, amount_minor, currency, exponent, reason,
  confidence, merchant, merchant_category, metadata, policy_decision, matched_policy, matched_policy_id, risk_score,
  risk_factors, reasons, shadow_policies, created_at, updated_at`;

export type IntentRow = {
  id: string;
  organization_id: string;
  agent_id: string;
  status: IntentStatus;
  amount_minor: string;
  currency: string;
  exponent: number;
  reason: string;
  confidence: string;
  merchant: string | null;
  merchant_category: string | null;
  metadata: Record<string, unknown> | null;
  policy_decision: PolicyDecision | null;
  matched_policy: string | null;
  matched_policy_id: string | null;
  risk_score: string | null;
  risk_factors: RiskFactor[] | null;
  reasons: string[] | null;
  shadow_policies: Decision['shadowPolicies'] | null;
  created_at: Date;
  updated_at: Date;
};

export function intentFromRow(row: IntentRow): StoredIntent {
  return {
    id: row.id,
    organizationId: row.organization_id,
    agentId: row.agent_id,
    status: row.status,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    exponent: row.exponent,
    reason: row.reason,
    confidence: row.confidence,
    merchant: row.merchant,
    merchantCategory: row.merchant_category,
    metadata: row.metadata,
    decision: decisionFromRow(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function decisionFromRow(row: IntentRow): Decision | null {
  if (row.policy_decision === null) return null;
  return {
    policyDecision: row.policy_decision,
    matchedPolicy: row.matched_policy ?? '',
    matchedPolicyId: row.matched_policy_id,
    riskScore: Number(row.risk_score),
    riskFactors: row.risk_factors ?? [],
    shadowPolicies: row.shadow_policies ?? [],
    reasons: row.reasons ?? [],
  };
}
