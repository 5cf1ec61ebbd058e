import type { Charge } from './budget.ts';
import { convert } from './fx.ts';
import type { Claim } from './ledger.ts';

/** One statement about what was paid for an intent: a capture under its reference, or the cancellation of the rest. */
export interface SettlementFact {
  /** Unique for the intent; the cancellation's is the empty text. */
  readonly reference: string;
  /** Minor units of the intent's currency; 0 for a cancellation. */
  readonly amountMinor: bigint;
  /** Nothing is captured after it. */
  readonly final: boolean;
  /** Made by somebody who may say so (intents:settle), not by the agent alone. */
  readonly confirmed: boolean;
}

/** The reference of the one cancellation that an intent can have. */
export const CANCELLATION = '';

export function sameFact(one: SettlementFact, other: SettlementFact): boolean {
  return one.amountMinor === other.amountMinor && one.final === other.final && one.confirmed === other.confirmed;
}

/** An intent that counts in budgets, and how it is converted: by the rate of its decision, for life. */
export interface Counted {
  readonly agentId: string;
  readonly date: string;
  readonly merchantCategory: string | null;
  readonly claim: NonNullable<Claim>;
  readonly exponent: number;
  readonly baseExponent: number;
  /** Null for the base currency. */
  readonly fxRate: string | null;
  readonly inWallet: boolean;
  readonly charge: Charge;
}

/** Statements by reference. */
export type Facts = ReadonlyMap<string, SettlementFact>;

/** Adds a statement; the order in which the same ones come, and how often, makes no difference. */
export function addFact(facts: Facts, fact: SettlementFact): Facts {
  const known = facts.get(fact.reference);
  const merged = known
    ? {
        reference: fact.reference,
        amountMinor: known.amountMinor > fact.amountMinor ? known.amountMinor : fact.amountMinor,
        final: known.final || fact.final,
        confirmed: known.confirmed || fact.confirmed,
      }
    : fact;
  return new Map(facts).set(fact.reference, merged);
}

/**
 * What an approved intent counts for, by everything that was said of its payment. A confirmed end settles it: what was
 * captured is spent, however much that is, and the rest is free. Until then the agent's own word frees nothing of what
 * was approved, or it could pay, take it back and pay again for ever.
 */
export function settledCharge(counted: Counted, facts: Facts): Charge {
  const { claim } = counted;
  const captured = capturedBase(counted, facts);
  const ends = [...facts.values()].filter((fact) => fact.final);
  if (ends.some((fact) => fact.confirmed)) return { spent: captured, held: 0n };
  if (ends.length > 0 || !claim.settles) {
    return { spent: captured > claim.amountBase ? captured : claim.amountBase, held: 0n };
  }
  return { spent: captured, held: captured < claim.reserve ? claim.reserve - captured : 0n };
}

/** Whether somebody who may say so told of more than was reserved: the agent must not go on. */
export function isOverrun(counted: Counted, facts: Facts): boolean {
  return capturedBase(counted, facts) > counted.claim.reserve && [...facts.values()].some((fact) => fact.confirmed);
}

/** The sum is converted, not each part, so that rounding up costs less than a minor unit in all. */
function capturedBase({ fxRate, exponent, baseExponent }: Counted, facts: Facts): bigint {
  const minor = [...facts.values()].reduce((sum, fact) => sum + fact.amountMinor, 0n);
  return fxRate === null ? minor : convert({ minor, exponent }, fxRate, baseExponent);
}
