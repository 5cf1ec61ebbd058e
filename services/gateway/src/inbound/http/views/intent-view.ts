import type { Intent, SubmittedIntent } from '@aegis/contracts/http/intents';
import { amountAsNumber } from '@aegis/contracts/money';
import type { StoredIntent, Submission } from '../../../domain/intents/intent.ts';

export function intentView(intent: StoredIntent): Intent {
  const { decision } = intent;
  return {
    id: intent.id,
    agentId: intent.agentId,
    status: intent.status,
    amount: amountAsNumber(intent.amountMinor, intent.exponent),
    currency: intent.currency,
    reason: intent.reason,
    confidence: Number(intent.confidence),
    merchant: intent.merchant,
    merchantCategory: intent.merchantCategory,
    metadata: intent.metadata,
    policyDecision: decision?.policyDecision ?? null,
    matchedPolicy: decision?.matchedPolicy ?? null,
    matchedPolicyId: decision?.matchedPolicyId ?? null,
    riskScore: decision?.riskScore ?? null,
    riskFactors: [...(decision?.riskFactors ?? [])],
    shadowPolicies: [...(decision?.shadowPolicies ?? [])],
    reasons: [...(decision?.reasons ?? [])],
    createdAt: intent.createdAt.toISOString(),
    updatedAt: intent.updatedAt.toISOString(),
  };
}

/** The answer to a submission: what was accepted, and nothing that is not known yet. */
export function submittedView(submission: Submission, createdAt: Date): SubmittedIntent {
  return {
    id: submission.id,
    status: 'pending',
    amount: amountAsNumber(submission.amountMinor, submission.exponent),
    currency: submission.currency,
    policyDecision: null,
    createdAt: createdAt.toISOString(),
  };
}
