import type { DecisionContext } from '@aegis/contracts/events/intents';
import type { DecidedIntent } from './intent.ts';
import { type Claim, chargeOf, claimOf } from './ledger.ts';
import type { Counted } from './settlement.ts';

/** What an intent claims of the budgets by the context of its decision. */
export function claimIn({ amountBaseMinor, settlement }: DecisionContext): Claim {
  return claimOf(amountBaseMinor === null ? null : BigInt(amountBaseMinor), settlement?.tolerancePercent ?? null);
}

/** The same once the decision is final: a rate may have come with the approval. */
export function finalClaim({
  context,
  conversion,
}: {
  readonly context: DecisionContext;
  readonly conversion?: DecidedIntent['conversion'] | null;
}): Claim {
  return claimIn(conversion ? { ...context, amountBaseMinor: conversion.amountBaseMinor } : context);
}

/** How a decision counts in budgets; null when it does not: denied, or without a rate. */
export function countedOf(data: DecidedIntent): Counted | null {
  const claim = finalClaim(data);
  if (data.outcome === 'denied' || claim === null) return null;
  const { context, conversion } = data;
  return {
    agentId: data.agentId,
    date: context.date,
    merchantCategory: data.merchantCategory,
    claim,
    exponent: data.money.exponent,
    baseExponent: context.baseExponent,
    fxRate: conversion?.fxRate ?? context.fxRate,
    inWallet: conversion ? conversion.inWallet : context.wallet !== undefined,
    charge: chargeOf(data.outcome, claim),
  };
}
