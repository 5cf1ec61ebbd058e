import type { Account } from './account.ts';
import { convertAt, observeMoney } from './context.ts';
import { claimIn, finalClaim } from './counted.ts';
import { guardMatch } from './decide.ts';
import type { Conversion } from './fx.ts';
import { type Guard, missingRateGuard, objections, suspendedGuard } from './guards.ts';
import type { DecidedIntent, ResolvedApproval } from './intent.ts';
import { recordResolution } from './features/observe.ts';
import { countResolution } from './ledger.ts';
import type { Surroundings } from './surroundings.ts';

/** What ended the wait, and when, by the clock that decided it: people's answer, or that the request was withdrawn. */
export interface Resolving {
  readonly approvalId: string | null;
  readonly outcome: ResolvedApproval['outcome'] | 'withdrawn';
  readonly resolvedAt: string;
}

/** What the answer is checked against: rates and shared budgets as they stand now. */
export type Recheck = Pick<Surroundings, 'rates' | 'shared'> & {
  readonly fxMaxAgeHours: number;
  readonly merchantKey: string | null;
};

/**
 * Ends a decision that waited for people. An approval is checked once more, for what may have changed since: a suspended
 * agent pays nothing. What was held needs no second look at the limits. Without an exchange rate nothing was held: then
 * the approval needs the rate of its own moment, and the amount has to fit. The decision's context stays as it was when
 * the policies answered; `conversion` tells of a rate that came later.
 */
export function decideFinally(
  pending: DecidedIntent,
  resolution: Resolving,
  account: Account,
  surroundings: Recheck,
  decidedAt: string,
): DecidedIntent {
  const { context } = pending;
  const approving = resolution.outcome === 'approved';
  const held = claimIn(context);
  const found = approving && held === null ? convertNow(pending, resolution, surroundings) : null;
  const conversion = found && conversionRecord(found, account.wallet !== null);
  const objection = approving ? recheck(pending, account, surroundings, conversion) : null;
  const outcome = approving && !objection ? 'approved' : 'denied';
  const inWallet = conversion ? conversion.inWallet : context.wallet !== undefined;
  const books = { account, shared: surroundings.shared, date: context.date, intentId: pending.intentId, inWallet };
  countResolution(books, held, outcome, finalClaim({ context, conversion }));
  recordResolution(account, surroundings.merchantKey, context, outcome === 'approved');
  return {
    ...pending,
    decidedAt,
    final: true,
    outcome,
    matchedPolicy: objection ? guardMatch(objection.name) : pending.matchedPolicy,
    guards: objection ? [...pending.guards, { name: objection.name, verdict: 'deny' }] : pending.guards,
    reasons: [...pending.reasons, objection?.reason ?? RESOLUTION_REASONS[resolution.outcome]],
    approvalTerms: null,
    approvalId: resolution.approvalId,
    ...(conversion && { conversion }),
  };
}

/** What a final decision says of the answer of people. */
export const RESOLUTION_REASONS = {
  approved: 'The approval was given',
  rejected: 'The approval was refused',
  expired: 'Nobody answered in time',
  withdrawn: 'The request was cancelled',
} as const satisfies Record<Resolving['outcome'], string>;

function convertNow({ money, context }: DecidedIntent, { resolvedAt }: Resolving, now: Recheck): Conversion | null {
  const { baseCurrency, baseExponent } = context;
  const { fxMaxAgeHours, rates } = now;
  return convertAt(money, { baseCurrency, baseExponent, fxMaxAgeHours }, rates, Date.parse(resolvedAt));
}

function recheck(
  { context, money }: DecidedIntent,
  account: Account,
  { shared }: Recheck,
  conversion: DecidedIntent['conversion'] | null,
): Guard | null {
  if (account.status === 'suspended') return suspendedGuard();
  if (context.amountBaseMinor !== null) return null;
  if (!conversion) return missingRateGuard(money.currency, context.baseCurrency);
  const { amountBaseMinor } = conversion;
  const now = { ...context, ...observeMoney(account, shared, context.date), agentStatus: account.status };
  return objections({ ...now, amountBaseMinor }, money.currency)[0] ?? null;
}

function conversionRecord(
  { amountBase, rate }: Conversion,
  inWallet: boolean,
): NonNullable<DecidedIntent['conversion']> {
  const { rate: fxRate, id: rateId, effectiveAt } = rate;
  return { amountBaseMinor: amountBase.toString(), fxRate, rateId, effectiveAt, inWallet };
}
