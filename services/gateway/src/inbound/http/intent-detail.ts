import type { IntentDetail } from '@aegis/contracts/http/intents';
import { ProblemError } from '@aegis/contracts/problems';
import type { Principal } from '@aegis/http/principal';
import type { ApprovalClient, AuditClient } from '../../clients.ts';
import type { SettlementFact } from '../../domain/intents/settlement.ts';
import type { StoredIntent } from '../../domain/intents/intent.ts';
import { callerOf } from './caller.ts';
import { approvalReference } from './views/approval-view.ts';
import { auditReference } from './views/audit-view.ts';
import { intentView } from './views/intent-view.ts';
import { settlementView } from './views/settlement-view.ts';

export interface IntentDetailDeps {
  readonly approval: Pick<ApprovalClient, 'listForIntent'>;
  readonly audit: Pick<AuditClient, 'listForIntent'>;
  settlementsOf(organizationId: string, intentId: string): Promise<readonly SettlementFact[]>;
}

/** The intent with what two other services know about it. */
export async function intentDetail(
  deps: IntentDetailDeps,
  principal: Principal,
  intent: StoredIntent,
): Promise<IntentDetail> {
  const [approvals, audit, facts] = await Promise.all([
    approvalsOf(deps, principal, intent),
    auditEntriesOf(deps, principal, intent),
    deps.settlementsOf(principal.organizationId, intent.id),
  ]);
  const detail = { ...intentView(intent), settlement: settlementView(intent, facts), approvals, audit };
  return audit === null ? { ...detail, auditUnavailable: true } : detail;
}

/** Nobody is asked about other decisions than require_approval, so there is nothing to look for. */
async function approvalsOf({ approval }: IntentDetailDeps, principal: Principal, intent: StoredIntent) {
  if (intent.decision?.policyDecision !== 'require_approval') return [];
  const { approvals } = await approval.listForIntent({ caller: callerOf(principal), intentId: intent.id });
  return approvals.map(approvalReference);
}

/** The state of an intent is worth telling also while the audit service is away: null then. */
async function auditEntriesOf({ audit }: IntentDetailDeps, principal: Principal, intent: StoredIntent) {
  try {
    const { entries } = await audit.listForIntent({ caller: callerOf(principal), intentId: intent.id });
    return entries.map(auditReference);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'unavailable') return null;
    throw error;
  }
}
