import { money } from '@aegis/contracts/money';
import type { SimulatedAnswer } from '@aegis/grpc/generated/aegis/policy/v1/SimulatedAnswer';
import type { SimulatedIntent as IntentMessage } from '@aegis/grpc/generated/aegis/policy/v1/SimulatedIntent';
import type { SimulateWindowProgress } from '@aegis/grpc/generated/aegis/policy/v1/SimulateWindowProgress';
import type { SimulationReport as ReportMessage } from '@aegis/grpc/generated/aegis/policy/v1/SimulationReport';
import type { SimulationTally } from '@aegis/grpc/generated/aegis/policy/v1/SimulationTally';
import type { DecidedIntent } from '../domain/intent.ts';
import type { Settings } from '../domain/organization.ts';
import type { SimulatedIntent } from '../domain/simulation.ts';
import type { SimulationReport, Tally } from '../domain/simulation-report.ts';
import { PROPOSED } from '../usecases/proposed-policies.ts';
import type { SimulationProgress } from '../usecases/simulate-window.ts';

export function simulationMessage(progress: SimulationProgress, withIntents: boolean): SimulateWindowProgress {
  const { replayed, total, intents, settings, report } = progress;
  return {
    replayed: String(replayed),
    total: String(total),
    intents: withIntents ? intents.map(intentMessage) : [],
    ...(report && { report: reportMessage(report, settings) }),
  };
}

function reportMessage(report: SimulationReport, settings: Settings): ReportMessage {
  const tally = ({ count, amountMinor }: Tally): SimulationTally => ({
    count: String(count),
    amount: money(amountMinor, settings.baseCurrency, settings.baseExponent),
  });
  return {
    intents: String(report.intents),
    changed: String(report.changed),
    keptErased: String(report.kept.erased),
    keptUndecidable: String(report.kept.undecidable),
    newRequests: String(report.newRequests),
    outcomes: report.outcomes.map(({ before, after, tally: counted }) => ({ before, after, tally: tally(counted) })),
    policies: report.policies.map(({ policy: { kind, id, name }, before, after }) => ({
      kind,
      ...idOf(id),
      name,
      before: tally(before),
      after: tally(after),
    })),
    examples: report.examples.map(intentMessage),
    baseCurrency: settings.baseCurrency,
  };
}

function intentMessage({ before, after }: SimulatedIntent): IntentMessage {
  return {
    intentId: before.intentId,
    agentId: before.agentId,
    createdAt: before.intentCreatedAt,
    amount: before.money,
    before: answerMessage(before),
    after: answerMessage(after),
  };
}

function answerMessage({ outcome, matchedPolicy, risk, reasons }: DecidedIntent): SimulatedAnswer {
  const { kind, id, name } = matchedPolicy;
  return {
    outcome,
    matchedPolicy: name,
    ...(kind === 'policy' && matchedIdOf(id)),
    riskScore: risk.score,
    reasons,
  };
}

/** A policy that does not exist yet has no id to tell. */
function idOf(id: string | null): { id?: string } {
  return id === null || id.startsWith(PROPOSED) ? {} : { id };
}

function matchedIdOf(id: string | null): { matchedPolicyId?: string } {
  const known = idOf(id).id;
  return known === undefined ? {} : { matchedPolicyId: known };
}
