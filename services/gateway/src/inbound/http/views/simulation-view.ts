import type { SimulationLine, SimulationReport } from '@aegis/contracts/http/simulation';
import { amountAsNumber } from '@aegis/contracts/money';
import type { Money } from '@aegis/grpc/generated/aegis/common/v1/Money';
import type { SimulatedAnswer } from '@aegis/grpc/generated/aegis/policy/v1/SimulatedAnswer';
import type { SimulatedIntent } from '@aegis/grpc/generated/aegis/policy/v1/SimulatedIntent';
import type { SimulateWindowProgress } from '@aegis/grpc/generated/aegis/policy/v1/SimulateWindowProgress';
import type { SimulationReport as ReportMessage } from '@aegis/grpc/generated/aegis/policy/v1/SimulationReport';
import type { SimulationTally } from '@aegis/grpc/generated/aegis/policy/v1/SimulationTally';

type Answer = SimulationReport['examples'][number]['before'];

export function simulationLine(
  { replayed, total, intents, report }: SimulateWindowProgress,
  options: { readonly intents: boolean; readonly assumption: SimulationReport['assumption'] },
): SimulationLine {
  return {
    replayed: Number(replayed),
    total: Number(total),
    ...(options.intents && { intents: intents.map(intentView) }),
    report: report ? reportView(report, options.assumption) : null,
  };
}

function reportView(report: ReportMessage, assumption: SimulationReport['assumption']): SimulationReport {
  return {
    intents: Number(report.intents),
    changed: Number(report.changed),
    kept: { erased: Number(report.keptErased), undecidable: Number(report.keptUndecidable) },
    newRequests: Number(report.newRequests),
    assumption,
    currency: report.baseCurrency,
    outcomes: report.outcomes.map(({ before, after, tally }) => ({
      before: before as Answer['outcome'],
      after: after as Answer['outcome'],
      ...tallyView(tally),
    })),
    policies: report.policies.map(({ kind, id, name, before, after }) => ({
      kind: kind as SimulationReport['policies'][number]['kind'],
      id: id ?? null,
      name,
      before: tallyView(before),
      after: tallyView(after),
    })),
    examples: report.examples.map(intentView),
  };
}

function tallyView(tally: SimulationTally | null) {
  return { count: Number(tally?.count ?? 0), amount: amountOf(tally?.amount ?? null) };
}

function intentView({ intentId, agentId, createdAt, amount, before, after }: SimulatedIntent) {
  return {
    intentId,
    agentId,
    createdAt,
    amount: amountOf(amount),
    currency: amount?.currency ?? '',
    before: answerView(before),
    after: answerView(after),
  };
}

function answerView(answer: SimulatedAnswer | null): Answer {
  return {
    outcome: (answer?.outcome ?? 'denied') as Answer['outcome'],
    matchedPolicy: answer?.matchedPolicy ?? '',
    matchedPolicyId: answer?.matchedPolicyId ?? null,
    riskScore: Number(answer?.riskScore ?? 0),
    reasons: answer?.reasons ?? [],
  };
}

function amountOf(amount: Money | null): number {
  return amount ? amountAsNumber(BigInt(amount.amountMinor), amount.exponent) : 0;
}
