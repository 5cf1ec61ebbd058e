import { money } from '@aegis/contracts/money';
import type { ExplainedPolicy as PolicyMessage } from '@aegis/grpc/generated/aegis/policy/v1/ExplainedPolicy';
import type { SimulatedLimit } from '@aegis/grpc/generated/aegis/policy/v1/SimulatedLimit';
import type { SimulatedVerdict } from '@aegis/grpc/generated/aegis/policy/v1/SimulatedVerdict';
import type { SimulateIntentResponse } from '@aegis/grpc/generated/aegis/policy/v1/SimulateIntentResponse';
import type { Verdict } from '../domain/decide.ts';
import type { LimitCheck } from '../domain/limit-checks.ts';
import type { Settings } from '../domain/organization.ts';
import type { ExplainedPolicy } from '../domain/simulate-intent.ts';
import { PROPOSED } from '../usecases/proposed-policies.ts';
import type { IntentSimulation } from '../usecases/simulate-intent.ts';

export function intentSimulationMessage(simulation: IntentSimulation): SimulateIntentResponse {
  const { explanation, live, policySetVersion, settings } = simulation;
  const { verdict, limits, policies, leftOut } = explanation;
  return {
    verdict: verdictMessage(verdict),
    reasons: verdict.reasons,
    guards: verdict.guards.map(({ name, verdict: objection, reason }) => ({ name, verdict: objection, reason })),
    riskScore: verdict.risk.score,
    riskFactors: [...verdict.risk.factors],
    limits: limits.map((limit) => limitMessage(limit, settings)),
    policies: policies.map(policyMessage),
    policiesLeftOut: leftOut,
    ...(live && { live: verdictMessage(live.verdict) }),
    policySetVersion: String(policySetVersion),
  };
}

function verdictMessage({ policyDecision, matchedPolicy: { id, name } }: Verdict): SimulatedVerdict {
  const isKnown = id !== null && !id.startsWith(PROPOSED);
  return { decision: policyDecision, matchedPolicy: name, ...(isKnown && { matchedPolicyId: id }) };
}

function limitMessage(check: LimitCheck, { baseCurrency, baseExponent }: Settings): SimulatedLimit {
  const amount = (minor: bigint) => money(minor, baseCurrency, baseExponent);
  const { guard: name, whose, limit, spent, held, fits } = check;
  return {
    name,
    whose,
    limit: amount(limit),
    spent: amount(spent),
    held: amount(held),
    ...(fits !== null && { fits }),
  };
}

function policyMessage({ policy, answers, holds, conditions }: ExplainedPolicy): PolicyMessage {
  const { id, name, priority, action, mode, isActive } = policy;
  return {
    ...(!id.startsWith(PROPOSED) && { id }),
    name,
    priority,
    action,
    mode,
    isActive,
    holds,
    answers,
    conditions: conditions.map(({ path, field, operator, value, actual, holds: truth }) => ({
      path,
      field,
      operator,
      ...(value !== undefined && { valueJson: JSON.stringify(value) }),
      ...(actual !== null && { actualJson: JSON.stringify(actual) }),
      holds: truth,
    })),
  };
}
