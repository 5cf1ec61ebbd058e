import type { EventData } from '@aegis/contracts/events/catalog';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { intents } from '@aegis/runtime/domain-metrics';
import { settleCeiling } from '../../domain/intents/settlement.ts';
import { decisive } from '../../domain/intents/decisive.ts';
import { applyDecisions, type DecidedIntent } from '../../store/intents/apply-decisions.ts';

export interface ApplyDecidedDeps {
  readonly db: Pick<Database, 'tx'>;
  /** Replaces the database's clock, for replays and simulations. */
  readonly now: (() => Date) | null;
  /** Wakes those who wait on this replica. */
  readonly wake: (intentIds: readonly string[]) => void;
  /** Tells the other replicas, in its own time: a lost hint costs them a sweep, and nobody here waits for it. */
  readonly announce: (intentIds: readonly string[]) => void;
}

/** What an event says about an intent of the organisation. */
export interface DeliveredDecision {
  readonly organizationId: string;
  readonly data: EventData<'intent.decided'>;
}

/** Applies a batch of decisions, however often and in whatever order each is delivered. */
export async function applyDecided(deps: ApplyDecidedDeps, delivered: readonly DeliveredDecision[]): Promise<void> {
  const decisions = decisive(delivered.map(decidedIntent));
  if (decisions.length === 0) return;
  const moved = await deps.db.tx(ALL_ORGANIZATIONS, (tx) => applyDecisions(tx, decisions, deps.now?.() ?? null));
  if (moved.length === 0) return;
  deps.wake(moved);
  deps.announce(moved);
  count(decisions, new Set(moved));
}

function count(decisions: readonly DecidedIntent[], moved: ReadonlySet<string>): void {
  const counted = decisions.filter(({ intentId }) => moved.has(intentId));
  for (const [status, group] of Map.groupBy(counted, (decision) => decision.status))
    intents.add(group.length, { status });
}

function decidedIntent({ organizationId, data }: DeliveredDecision): DecidedIntent {
  return {
    intentId: data.intentId,
    organizationId,
    status: data.outcome,
    final: data.final,
    ceilingMinor: data.context.settlement
      ? settleCeiling(BigInt(data.money.amountMinor), data.context.settlement.tolerancePercent)
      : null,
    decision: {
      policyDecision: data.policyDecision,
      matchedPolicy: data.matchedPolicy.name,
      matchedPolicyId: data.matchedPolicy.kind === 'policy' ? data.matchedPolicy.id : null,
      riskScore: Number(data.risk.score),
      riskFactors: data.risk.factors.map((factor) => ({ ...factor, contribution: Number(factor.contribution) })),
      shadowPolicies: data.shadow ?? [],
      reasons: data.reasons,
    },
  };
}
