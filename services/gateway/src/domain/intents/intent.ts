import type { Intent, IntentStatus, PolicyDecision, RiskFactor } from '@aegis/contracts/http/intents';

/** What a caller asks to spend, checked and in exact units, before it is stored. */
export interface Submission {
  readonly id: string;
  readonly organizationId: string;
  readonly agentId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly exponent: number;
  readonly reason: string;
  /** Decimal string from 0 to 1 with at most six decimals. */
  readonly confidence: string;
  readonly merchant: string | null;
  readonly merchantCategory: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

/** What was decided about an intent so far. */
export interface Decision {
  readonly policyDecision: PolicyDecision;
  readonly matchedPolicy: string;
  readonly matchedPolicyId: string | null;
  readonly riskScore: number;
  readonly riskFactors: readonly RiskFactor[];
  /** Policies in shadow mode that matched. */
  readonly shadowPolicies: Intent['shadowPolicies'];
  readonly reasons: readonly string[];
}

/** A stored intent; `decision` is null exactly while it is pending. */
export interface StoredIntent extends Submission {
  readonly status: IntentStatus;
  readonly decision: Decision | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Whether the status has reached what a waiter waits for: any decision, or one that never changes. */
export function hasReached(status: IntentStatus, goal: 'decided' | 'final'): boolean {
  switch (status) {
    case 'pending':
      return false;
    case 'pending_approval':
      return goal === 'decided';
    case 'approved':
    case 'denied':
      return true;
    default:
      return status satisfies never;
  }
}
