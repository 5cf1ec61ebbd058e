import { decisionContextSchema, matchedPolicySchema, riskSchema } from '@aegis/contracts/events/intents';
import type { Approval as ApprovalAnswer } from '@aegis/contracts/http/approvals';
import type { Assignee, IntentDetail } from '@aegis/contracts/http/intents';
import { amountAsNumber } from '@aegis/contracts/money';
import type { Approval } from '@aegis/grpc/generated/aegis/approval/v1/Approval';
import { z } from 'zod';
import { type BudgetWindow, remainingIn } from '../../../domain/budget.ts';
import type { StoredIntent } from '../../../domain/intents/intent.ts';
import { intentView } from './intent-view.ts';

/** The decision that asked for the approval, as its service keeps it. */
const decisionSchema = z.object({
  matchedPolicy: matchedPolicySchema,
  risk: riskSchema,
  reasons: z.array(z.string()),
  context: decisionContextSchema,
});
type Context = z.infer<typeof decisionContextSchema>;

export function approvalView(approval: Approval, intent: StoredIntent): ApprovalAnswer {
  const { matchedPolicy, risk, context } = decisionSchema.parse(JSON.parse(approval.decisionJson));
  return {
    id: approval.id,
    intentId: approval.intentId,
    agentId: approval.agentId,
    status: approval.status as ApprovalAnswer['status'],
    assignedTo: assignees(approval),
    quorum: approval.quorum,
    responses: approval.responses.map(({ responderId, decision, note, respondedAt }) => ({
      respondedBy: responderId,
      decision: decision as 'approve' | 'reject',
      note: note ?? null,
      respondedAt,
    })),
    requestedAt: approval.requestedAt,
    expiresAt: approval.expiresAt,
    resolvedAt: approval.resolvedAt ?? null,
    intent: intentView(intent),
    matchedPolicy: { id: matchedPolicy.id, version: matchedPolicy.version, name: matchedPolicy.name },
    riskFactors: risk.factors.map((factor) => ({ ...factor, contribution: Number(factor.contribution) })),
    budgetAfter: budgetAfter(context),
  };
}

/** An approval as part of its intent: who answered last, and what. */
export function approvalReference(approval: Approval): IntentDetail['approvals'][number] {
  const last = approval.responses.at(-1);
  return {
    id: approval.id,
    status: approval.status as ApprovalAnswer['status'],
    assignedTo: assignees(approval),
    respondedBy: last?.responderId ?? null,
    decision: (last?.decision as 'approve' | 'reject' | undefined) ?? null,
    note: last?.note ?? null,
    expiresAt: approval.expiresAt,
    respondedAt: last?.respondedAt ?? null,
  };
}

function assignees({ assignedTo }: Approval): Assignee[] {
  return assignedTo.map(({ role, userId }) => (userId === undefined ? { role: role ?? '' } : { userId }));
}

/** The windows with the intent's own amount in them; null while the amount in the base currency is not known. */
function budgetAfter(context: Context): ApprovalAnswer['budgetAfter'] {
  if (context.amountBaseMinor === null) return null;
  const amount = BigInt(context.amountBaseMinor);
  const view = (limitMinor: string | null, spentMinor: string, heldMinor: string) => {
    const limit = limitMinor === null ? null : BigInt(limitMinor);
    const window: BudgetWindow = { limit, spent: BigInt(spentMinor), held: BigInt(heldMinor) + amount };
    const number = (minor: bigint | null) => (minor === null ? null : amountAsNumber(minor, context.baseExponent));
    return {
      limit: number(limit),
      used: amountAsNumber(window.spent + window.held, context.baseExponent),
      remaining: number(remainingIn(window)),
    };
  };
  return {
    currency: context.baseCurrency,
    daily: view(context.dailyLimitMinor, context.dailySpentMinor, context.dailyHeldMinor),
    monthly: view(context.monthlyLimitMinor, context.monthlySpentMinor, context.monthlyHeldMinor),
  };
}
