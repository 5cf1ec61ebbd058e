import type { IntentSimulation } from '@aegis/contracts/http/simulation';
import type { ExplainedCondition } from '@aegis/grpc/generated/aegis/policy/v1/ExplainedCondition';
import type { ExplainedPolicy } from '@aegis/grpc/generated/aegis/policy/v1/ExplainedPolicy';
import type { SimulatedLimit } from '@aegis/grpc/generated/aegis/policy/v1/SimulatedLimit';
import type { SimulatedVerdict } from '@aegis/grpc/generated/aegis/policy/v1/SimulatedVerdict';
import type { SimulateIntentResponse } from '@aegis/grpc/generated/aegis/policy/v1/SimulateIntentResponse';
import { amountOf } from './amounts.ts';

type Policy = IntentSimulation['policies'][number];
type Condition = Policy['conditions'][number];
type Verdict = NonNullable<IntentSimulation['live']>;

export function intentSimulationView(response: SimulateIntentResponse): IntentSimulation {
  const { verdict, live, reasons, guards, limits, riskScore, riskFactors, policies, policiesLeftOut } = response;
  const answer = verdictView(verdict);
  const today = live ? verdictView(live) : null;
  return {
    ...answer,
    reasons,
    guards: guards.map(({ name, verdict: objection, reason }) => ({
      name,
      verdict: objection as Verdict['decision'],
      reason,
    })),
    limits: limits.map(limitView),
    riskScore: Number(riskScore),
    riskFactors: riskFactors.map(({ name, contribution, detail }) => ({
      name,
      contribution: Number(contribution),
      detail,
    })),
    policies: policies.map(policyView),
    policiesLeftOut,
    live: today,
    changed: today !== null && today.decision !== answer.decision,
    policySetVersion: Number(response.policySetVersion),
  };
}

function verdictView(verdict: SimulatedVerdict | null): Verdict {
  if (!verdict) throw new TypeError('the verdict is missing from an answer');
  return {
    decision: verdict.decision as Verdict['decision'],
    matchedPolicy: verdict.matchedPolicy,
    matchedPolicyId: verdict.matchedPolicyId ?? null,
  };
}

function limitView({ name, whose, limit, spent, held, fits }: SimulatedLimit): IntentSimulation['limits'][number] {
  return {
    name,
    whose,
    limit: amountOf(limit),
    spent: amountOf(spent),
    held: amountOf(held),
    fits: fits ?? null,
  };
}

function policyView({ id, action, mode, conditions, ...rest }: ExplainedPolicy): Policy {
  return {
    id: id ?? null,
    name: rest.name,
    priority: rest.priority,
    action: action as Policy['action'],
    mode: mode as Policy['mode'],
    isActive: rest.isActive,
    holds: rest.holds,
    answers: rest.answers,
    conditions: conditions.map(conditionView),
  };
}

function conditionView({ path, field, operator, valueJson, actualJson, holds }: ExplainedCondition): Condition {
  return {
    path,
    field,
    operator,
    value: valueJson === undefined ? null : (JSON.parse(valueJson) as Condition['value']),
    actual: actualJson === undefined ? null : (JSON.parse(actualJson) as Condition['actual']),
    holds,
  };
}
