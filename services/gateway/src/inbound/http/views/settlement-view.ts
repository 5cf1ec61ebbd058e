import type { Settlement } from '@aegis/contracts/http/settlement';
import { amountAsNumber } from '@aegis/contracts/money';
import type { StoredIntent } from '../../../domain/intents/intent.ts';
import { CANCELLATION, type SettlementFact } from '../../../domain/intents/settlement.ts';

/** Null while nothing was said of the payment. */
export function settlementView(
  { exponent }: Pick<StoredIntent, 'exponent'>,
  facts: readonly SettlementFact[],
): Settlement | null {
  if (facts.length === 0) return null;
  const ends = facts.filter((fact) => fact.final);
  const said = ({ confirmedBy, recordedAt }: SettlementFact) => ({ confirmedBy, recordedAt: recordedAt.toISOString() });
  const cancellation = facts.find((fact) => fact.reference === CANCELLATION);
  return {
    captured: amountAsNumber(
      facts.reduce((sum, fact) => sum + fact.amountMinor, 0n),
      exponent,
    ),
    final: ends.length > 0,
    confirmed: ends.some((fact) => fact.confirmedBy !== null),
    captures: facts
      .filter((fact) => fact.reference !== CANCELLATION)
      .map((fact) => ({
        reference: fact.reference,
        amount: amountAsNumber(fact.amountMinor, exponent),
        final: fact.final,
        ...said(fact),
      })),
    cancellation: cancellation ? said(cancellation) : null,
  };
}
