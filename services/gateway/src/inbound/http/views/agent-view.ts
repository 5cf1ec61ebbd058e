import type { AgentAnswer, Budget } from '@aegis/contracts/http/agents';
import { amountAsNumber } from '@aegis/contracts/money';
import type { Agent } from '@aegis/grpc/generated/aegis/policy/v1/Agent';
import type { Money } from '@aegis/grpc/generated/aegis/common/v1/Money';
import { remainingOf } from '../../../domain/budget.ts';
import { amountOf, limitOf } from './amounts.ts';
import { windowView } from './budget-view.ts';

export function agentView(agent: Agent): AgentAnswer {
  const { daily, monthly, number } = windowsOf(agent);
  return {
    id: agent.id,
    name: agent.name,
    description: agent.description ?? null,
    riskLevel: agent.riskLevel as AgentAnswer['riskLevel'],
    status: agent.status as AgentAnswer['status'],
    walletBalance: amountOf(agent.walletBalance),
    walletHeld: amountOf(agent.walletHeld),
    walletMode: agent.walletMode as AgentAnswer['walletMode'],
    currency: agent.walletBalance?.currency ?? '',
    dailyLimit: limitOf(agent.dailyLimit),
    monthlyLimit: limitOf(agent.monthlyLimit),
    spentToday: amountOf(agent.spentToday),
    heldToday: amountOf(agent.heldToday),
    spentThisMonth: amountOf(agent.spentThisMonth),
    heldThisMonth: amountOf(agent.heldThisMonth),
    remaining: number(remainingOf([daily, monthly])),
    settlement: agent.settlement as AgentAnswer['settlement'],
    settlementTolerancePercent: agent.settlementTolerancePercent,
    createdAt: agent.createdAt,
    updatedAt: agent.updatedAt,
  };
}

export function budgetView(agent: Agent): Budget {
  const { daily, monthly, number } = windowsOf(agent);
  const exponent = agent.spentToday?.exponent ?? 0;
  return {
    agentId: agent.id,
    currency: agent.spentToday?.currency ?? '',
    daily: windowView(daily, exponent, agent.dayEndsAt),
    monthly: windowView(monthly, exponent, agent.monthEndsAt),
    remaining: number(remainingOf([daily, monthly])),
  };
}

function windowsOf(agent: Agent) {
  const minor = (money: Money | null | undefined) => BigInt(money?.amountMinor ?? 0);
  const limit = (money: Money | null | undefined) => (money ? BigInt(money.amountMinor) : null);
  const exponent = agent.spentToday?.exponent ?? 0;
  return {
    daily: { limit: limit(agent.dailyLimit), spent: minor(agent.spentToday), held: minor(agent.heldToday) },
    monthly: { limit: limit(agent.monthlyLimit), spent: minor(agent.spentThisMonth), held: minor(agent.heldThisMonth) },
    number: (value: bigint | null) => (value === null ? null : amountAsNumber(value, exponent)),
  };
}
