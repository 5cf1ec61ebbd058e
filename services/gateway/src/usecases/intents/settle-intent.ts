import { createEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { money, parseAmount } from '@aegis/contracts/money';
import { ProblemError } from '@aegis/contracts/problems';
import type { Principal } from '@aegis/http/principal';
import type { Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import { refusedAmount } from '../../domain/intents/submission.ts';
import { addStatement, CANCELLATION, type SettlementFact, type Statement } from '../../domain/intents/settlement.ts';
import type { StoredIntent } from '../../domain/intents/intent.ts';
import { findSettlements, lockIntent, saveSettlement, type SettlingIntent } from '../../store/intents/settlements.ts';

export interface SettleIntentDeps {
  readonly db: Pick<Database, 'tx'>;
  /** Replaces the database's clock, for replays and simulations. */
  readonly now: (() => Date) | null;
}

export interface SettleIntentCommand {
  readonly principal: Principal;
  readonly id: string;
  /** Null cancels what is left. The amount as the client wrote it: the parsed number may have been rounded. */
  readonly capture: { readonly amountText: string; readonly reference: string; readonly final: boolean } | null;
  readonly traceparent: string | null;
}

/** An intent with everything that was said of its payment. */
export interface SettledIntent {
  readonly intent: StoredIntent;
  readonly facts: readonly SettlementFact[];
}

/**
 * Records what was paid, or that nothing more will be. It moves no status: budgets and wallets follow the event. What was
 * said before changes nothing and tells nobody.
 *
 * @throws ProblemError `not_found` for another agent's or organisation's intent, `wrong_state`,
 *   `settlement_exceeds_approval`, the faults of an amount
 */
export async function settleIntent(
  { db, now }: SettleIntentDeps,
  command: SettleIntentCommand,
): Promise<SettledIntent> {
  const { principal, id } = command;
  const { organizationId } = principal;
  return db.tx({ organizationId }, async (tx) => {
    const intent = await lockIntent(tx, organizationId, id);
    if (!intent || (principal.agentId !== null && intent.agentId !== principal.agentId)) {
      throw new ProblemError('not_found', 'no such intent');
    }
    const before = await findSettlements(tx, organizationId, id);
    const statement = addStatement(intent, before, statementOf(command, intent));
    if (!statement) return { intent, facts: before };
    const recordedAt = await saveSettlement(tx, organizationId, id, statement, now?.() ?? null);
    await appendOutbox(tx, [settlementEvent(command, intent, statement, recordedAt)]);
    return { intent, facts: await findSettlements(tx, organizationId, id) };
  });
}

function statementOf({ principal, capture }: SettleIntentCommand, intent: SettlingIntent): Statement {
  const confirmedBy = principal.permissions.has('intents:settle') ? principal.actor.id : null;
  if (!capture) return { reference: CANCELLATION, amountMinor: 0n, final: true, confirmedBy };
  const { amountText, reference, final } = capture;
  const amountMinor = parseAmount(amountText, intent.exponent);
  if (typeof amountMinor !== 'bigint') throw refusedAmount(amountMinor, intent.currency, intent.exponent);
  return { reference, amountMinor, final, confirmedBy };
}

function settlementEvent(
  { principal, capture, traceparent }: SettleIntentCommand,
  { id, agentId, organizationId, currency, exponent }: SettlingIntent,
  { reference, amountMinor, final, confirmedBy }: Statement,
  recordedAt: Date,
) {
  const data = {
    intentId: id,
    agentId,
    money: money(amountMinor, currency, exponent),
    reference: capture ? reference : null,
    final,
    confirmedBy,
    recordedAt: recordedAt.toISOString(),
  };
  const type = capture ? ('intent.settled' as const) : ('intent.cancelled' as const);
  const { actor } = principal;
  return encodeEvent(
    createEvent({ source: 'gateway', type, time: recordedAt, subject: id, organizationId, actor, traceparent, data }),
  );
}
