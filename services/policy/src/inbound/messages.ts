import { money } from '@aegis/contracts/money';
import type { ListBudgetsResponse } from '@aegis/grpc/generated/aegis/policy/v1/ListBudgetsResponse';
import type { WalletTransaction } from '@aegis/grpc/generated/aegis/policy/v1/WalletTransaction';
import type { EntryView } from '../usecases/wallet-transactions.ts';
import type { PageInfo } from '@aegis/grpc/generated/aegis/common/v1/PageInfo';
import type { FxRate as FxRateMessage } from '@aegis/grpc/generated/aegis/policy/v1/FxRate';
import type { Agent as AgentMessage } from '@aegis/grpc/generated/aegis/policy/v1/Agent';
import type { Organization as OrganizationMessage } from '@aegis/grpc/generated/aegis/policy/v1/Organization';
import type { Policy as PolicyMessage } from '@aegis/grpc/generated/aegis/policy/v1/Policy';
import type { PolicySet as PolicySetMessage } from '@aegis/grpc/generated/aegis/policy/v1/PolicySet';
import type { DecisionFinding } from '@aegis/grpc/generated/aegis/policy/v1/DecisionFinding';
import type { VerifyDecisionsProgress } from '@aegis/grpc/generated/aegis/policy/v1/VerifyDecisionsProgress';
import type { AgentWithBudget } from '../domain/agent.ts';
import type { Budget } from '../domain/budget.ts';
import { windowEnd } from '../domain/calendar.ts';
import { budgetsOn } from '../domain/purse.ts';
import type { SharedBudgetsView } from '../usecases/list-budgets.ts';
import type { FxRate } from '../domain/fx.ts';
import type { Settings } from '../domain/organization.ts';
import type { Page } from '../domain/page.ts';
import type { Policy } from '../domain/policy.ts';
import type { Finding, VerificationProgress } from '../usecases/verify-decisions.ts';
import type { PolicySetSummary } from '../usecases/list-versions.ts';

export function organizationMessage(organizationId: string, settings: Settings): OrganizationMessage {
  const { baseCurrency, timeZone, defaultAction, fxMaxAgeHours } = settings;
  return { organizationId, baseCurrency, timeZone, defaultAction, fxMaxAgeHours };
}

export function fxRateMessage(rate: FxRate): FxRateMessage {
  const { id, currency, baseCurrency, rate: text, effectiveAt, recordedAt } = rate;
  return { id, currency, baseCurrency, rate: text, effectiveAt, recordedAt };
}

export function agentMessage(
  { agent, daily, monthly, walletBalance, walletHeld, today }: AgentWithBudget,
  settings: Settings,
): AgentMessage {
  const amount = (minor: bigint) => money(minor, settings.baseCurrency, settings.baseExponent);
  return {
    id: agent.id,
    name: agent.name,
    ...(agent.description !== null && { description: agent.description }),
    riskLevel: agent.riskLevel,
    status: agent.status,
    walletBalance: amount(walletBalance),
    walletHeld: amount(walletHeld),
    walletMode: agent.walletMode,
    settlement: agent.tolerancePercent === null ? 'immediate' : 'required',
    settlementTolerancePercent: agent.tolerancePercent ?? 0,
    dayEndsAt: windowEnd('day', today, settings.timeZone).toISOString(),
    monthEndsAt: windowEnd('month', today, settings.timeZone).toISOString(),
    ...(agent.dailyLimit !== null && { dailyLimit: amount(agent.dailyLimit) }),
    ...(agent.monthlyLimit !== null && { monthlyLimit: amount(agent.monthlyLimit) }),
    spentToday: amount(daily.spent),
    heldToday: amount(daily.held),
    spentThisMonth: amount(monthly.spent),
    heldThisMonth: amount(monthly.held),
    ...(agent.ownerId !== null && { ownerId: agent.ownerId }),
    createdAt: agent.createdAt,
    updatedAt: agent.updatedAt,
  };
}

export function budgetsMessage({ budgets, settings, today }: SharedBudgetsView): ListBudgetsResponse {
  const amount = (minor: bigint) => money(minor, settings.baseCurrency, settings.baseExponent);
  const window = (kind: 'day' | 'month', limit: bigint | null, { spent, held }: Readonly<Budget>) => ({
    ...(limit !== null && { limit: amount(limit) }),
    spent: amount(spent),
    held: amount(held),
    endsAt: windowEnd(kind, today, settings.timeZone).toISOString(),
  });
  return {
    budgets: budgets.map((budget) => {
      const { daily, monthly } = budgetsOn(budget, today);
      return {
        ...(budget.category !== null && { category: budget.category }),
        daily: window('day', budget.dailyLimit, daily),
        monthly: window('month', budget.monthlyLimit, monthly),
        since: budget.since,
      };
    }),
    currency: settings.baseCurrency,
  };
}

export function walletMessage({ entry, settings }: EntryView): WalletTransaction {
  const { id, kind, intentId, reference, note, actor, occurredAt, lines } = entry;
  return {
    id,
    type: kind,
    ...(intentId !== null && { intentId }),
    ...(reference !== null && { reference }),
    ...(note !== null && { note }),
    lines: lines.map((line) => ({
      account: line.account,
      amount: money(line.amount, settings.baseCurrency, settings.baseExponent),
    })),
    createdAt: occurredAt,
    ...(actor && { createdBy: actor.id }),
  };
}

export function policyMessage(policy: Policy): PolicyMessage {
  return {
    id: policy.id,
    version: policy.version,
    name: policy.name,
    ...(policy.description !== null && { description: policy.description }),
    priority: policy.priority,
    action: policy.action,
    rulesJson: JSON.stringify(policy.rules),
    isActive: policy.isActive,
    mode: policy.mode,
    ...(policy.approval && { approvalJson: JSON.stringify(policy.approval) }),
    createdAt: policy.createdAt,
    updatedAt: policy.updatedAt,
    archived: policy.archived,
  };
}

export function policySetMessage(set: PolicySetSummary, policies: readonly Policy[] = []): PolicySetMessage {
  const { baseCurrency, timeZone, defaultAction } = set.settings;
  const { version, hash, policyCount, createdAt } = set;
  return {
    version,
    hash,
    baseCurrency,
    timeZone,
    defaultAction,
    policyCount,
    createdAt,
    policies: policies.map(policyMessage),
  };
}

export function verificationMessage(progress: VerificationProgress): VerifyDecisionsProgress {
  const { checked, total, same, different, unverifiable, findings, done } = progress;
  return {
    checked: String(checked),
    total: String(total),
    same: String(same),
    different: String(different),
    unverifiable: String(unverifiable),
    findings: findings.map(findingMessage),
    done,
  };
}

function findingMessage({ intentId, decisionId, final, policySetVersion, result }: Finding): DecisionFinding {
  const differences = result.kind === 'different' ? result.differences : [];
  return {
    intentId,
    decisionId,
    final,
    policySetVersion,
    ...(result.kind === 'unverifiable' && { cause: result.cause }),
    differences: differences.map(({ field, recorded, again }) => ({
      field,
      recordedJson: JSON.stringify(recorded ?? null),
      againJson: JSON.stringify(again ?? null),
    })),
  };
}

export function pageMessage({ total, nextCursor }: Page<unknown>): PageInfo {
  return { ...(total !== null && { total }), hasMore: nextCursor !== null, ...(nextCursor && { nextCursor }) };
}
