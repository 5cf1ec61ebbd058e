import type { BatchHandler, Bus, Delivery, Subscription } from '@aegis/bus/port';
import { type AnyEvent, decodeEvent, UnreadableEventError } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { TOPICS } from '@aegis/contracts/topics';
import { isPermanent } from '@aegis/postgres/errors';
import type { Clock } from '@aegis/runtime/clock';
import { decisionLatency } from '@aegis/runtime/domain-metrics';
import { withBatchSpans } from '@aegis/runtime/tracing';
import { type Answer, type Command, ContradictionError, type Origin, type Settlement } from '../domain/batch.ts';
import { CANCELLATION } from '../domain/settlement.ts';
import { BudgetError } from '../domain/budget.ts';
import { eraseRequestsOf } from '@aegis/contracts/events/erasure';
import { eraseIntents } from '../usecases/erase-intents.ts';
import { type DecideDeps, decideIntents } from '../usecases/decide-intents.ts';

/** Enough to share a commit among many, few enough that nobody waits long behind them. */
const MAX_BATCH = 500;

/** The rest of what the topics carry is not policy's business, and is not even parsed. */
const HANDLED: ReadonlySet<string | undefined> = new Set([
  'intent.submitted',
  'intent.settled',
  'intent.cancelled',
  'approval.resolved',
  'privacy.erase_requested',
]);

/** Consumes submissions, what was paid of them, answers of people and erasures, under one group for all replicas. */
export function consumeIntents(bus: Bus, deps: DecideDeps & { readonly clock: Clock }): Promise<Subscription> {
  return bus.subscribe({
    group: 'policy',
    topics: [TOPICS.intents, TOPICS.approvals, TOPICS.registry],
    maxBatch: MAX_BATCH,
    handle: createHandler(deps),
    isPermanent: isHopeless,
  });
}

type SettlementEvent = Extract<AnyEvent, { type: 'intent.settled' | 'intent.cancelled' }>;

export function createHandler(deps: DecideDeps & { readonly clock: Clock }): BatchHandler {
  return async (batch) => {
    const relevant = batch.filter((delivery) => HANDLED.has(delivery.headers['ce_type']));
    if (relevant.length === 0) return;
    await withBatchSpans(relevant, 'policy decide', async (traceparentOf) => {
      const decidedAt = deps.clock.now().toISOString();
      const commands = relevant.flatMap((delivery) => commandOf(delivery, traceparentOf(delivery), decidedAt) ?? []);
      for (const answer of await decideIntents(deps, commands)) measure(answer);
      await eraseIntents(deps.database, eraseRequestsOf(relevant));
    });
  };
}

/** What fails for the data's own sake ends among the dead letters, alone; everything else is tried again. */
function isHopeless(error: unknown): boolean {
  return (
    error instanceof UnreadableEventError ||
    error instanceof ContradictionError ||
    error instanceof BudgetError ||
    isPermanent(error)
  );
}

function commandOf(delivery: Delivery, traceparent: string | null, decidedAt: string): Command | null {
  const event: AnyEvent | null = decodeEvent(delivery);
  if (!event) return null;
  const origin = { organizationId: event.organizationId, eventId: event.id, traceparent };
  switch (event.type) {
    case 'intent.submitted':
      return { kind: 'decide', ...origin, decidedAt, decisionId: newId('dec'), intent: event.data };
    case 'approval.resolved': {
      const { intentId, agentId, approvalId, outcome, resolvedAt } = event.data;
      const resolution = { ...origin, intentId, agentId, approvalId, outcome, resolvedAt };
      return { kind: 'resolve', ...origin, decidedAt, resolution };
    }
    case 'intent.settled':
    case 'intent.cancelled':
      return { kind: 'settle', ...origin, decidedAt, settlement: settlementOf(event, origin) };
    default:
      return null;
  }
}

function settlementOf({ type, data }: SettlementEvent, origin: Origin): Settlement {
  const { intentId, agentId, money, reference, final, confirmedBy, recordedAt } = data;
  const kind = type === 'intent.cancelled' ? 'cancel' : 'capture';
  const fact = {
    reference: kind === 'cancel' ? CANCELLATION : (reference ?? origin.eventId),
    amountMinor: BigInt(money.amountMinor),
    final,
    confirmed: confirmedBy !== null,
  };
  return { ...origin, intentId, agentId, kind, recordedAt, fact };
}

/** Only what policy decides itself: how long a person takes is measured by analytics. */
function measure({ data }: Answer): void {
  if (data.approvalId !== null) return;
  const seconds = (Date.parse(data.decidedAt) - Date.parse(data.intentCreatedAt)) / 1_000;
  decisionLatency.record(Math.max(0, seconds), { outcome: data.outcome });
}
