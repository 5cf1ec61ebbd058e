import { ProblemError } from '@aegis/contracts/problems';
import type { StoredIntent } from './intent.ts';

/** One statement about an intent's payment; the reference of a cancellation is the empty text. */
export interface SettlementFact {
  readonly reference: string;
  /** Minor units of the intent's currency; of a cancellation zero. */
  readonly amountMinor: bigint;
  readonly final: boolean;
  /** Whoever confirmed it by intents:settle; null while it is the agent's own word. */
  readonly confirmedBy: string | null;
  readonly recordedAt: Date;
}

export type Statement = Omit<SettlementFact, 'recordedAt'>;

export const CANCELLATION = '';

/** An agent's own; each is read again by the next one, and told by the intent. Payments that were made are always taken. */
const MAX_CAPTURES = 100;

/** Ceiling of what an agent alone may settle: the amount with its tolerance, rounded down to the currency's unit. */
export function settleCeiling(amountMinor: bigint, tolerancePercent: number): bigint {
  return (amountMinor * BigInt(100 + tolerancePercent)) / 100n;
}

/**
 * Adds a statement to what was said before. Null when it says nothing new.
 *
 * @throws ProblemError `wrong_state` where the intent or an earlier statement leaves no room for it,
 *   `settlement_exceeds_approval` for more than was approved that nobody confirms
 */
export function addStatement(
  intent: Pick<StoredIntent, 'status' | 'amountMinor'> & { readonly ceilingMinor: bigint | null },
  facts: readonly SettlementFact[],
  statement: Statement,
): Statement | null {
  requireStatus(intent, statement);
  const known = facts.find((fact) => fact.reference === statement.reference);
  if (known && known.amountMinor !== statement.amountMinor) {
    throw wrongState(`the reference ${statement.reference} was recorded with another amount`);
  }
  const merged = {
    ...statement,
    final: statement.final || known?.final === true,
    confirmedBy: known?.confirmedBy ?? statement.confirmedBy,
  };
  if (known && known.final === merged.final && known.confirmedBy === merged.confirmedBy) return null;
  const others = facts.filter((fact) => fact !== known);
  if (!known) requireRoom(facts, merged);
  if (!known || known.final !== merged.final) requireOpen(others, merged);
  requireCovered(intent, [...others, merged], statement);
  return merged;
}

function requireStatus({ status }: Pick<StoredIntent, 'status'>, { reference }: Statement): void {
  const cancelling = reference === CANCELLATION;
  if (status === 'approved' || (cancelling && status !== 'denied')) return;
  const rule = cancelling ? 'what is denied cannot be cancelled' : 'only an approved one can be settled';
  throw wrongState(`the intent is ${status}; ${rule}`);
}

/** A cancellation is one at most, and says that nothing more will come. */
function requireRoom(facts: readonly SettlementFact[], { reference, confirmedBy }: Statement): void {
  if (reference === CANCELLATION || confirmedBy !== null || facts.length < MAX_CAPTURES) return;
  throw wrongState(
    `an agent settles an intent in at most ${MAX_CAPTURES} captures; more are confirmed by whoever pays`,
  );
}

/** After an end nothing new is taken, but somebody who may confirm may correct what the agent alone said. */
function requireOpen(others: readonly SettlementFact[], { reference, confirmedBy }: Statement): void {
  const end = others.find((fact) => fact.final);
  if (!end) return;
  const cancelled = end.reference === CANCELLATION;
  if (confirmedBy !== null && end.confirmedBy === null && reference !== CANCELLATION) return;
  throw wrongState(cancelled ? 'the intent was cancelled' : 'the intent is settled for good');
}

function requireCovered(
  { amountMinor, ceilingMinor }: { readonly amountMinor: bigint; readonly ceilingMinor: bigint | null },
  statements: readonly Statement[],
  { confirmedBy }: Statement,
): void {
  const captured = statements.reduce((sum, statement) => sum + statement.amountMinor, 0n);
  if (captured <= (ceilingMinor ?? amountMinor) || confirmedBy !== null) return;
  throw new ProblemError(
    'settlement_exceeds_approval',
    'more than was approved: a credential with intents:settle must confirm it',
    [{ path: 'amount', message: 'makes more than was approved' }],
  );
}

function wrongState(detail: string): ProblemError {
  return new ProblemError('wrong_state', detail);
}
