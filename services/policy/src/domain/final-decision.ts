import type { Account } from './account.ts';
import { guardMatch } from './decide.ts';
import { type Guard, missingRateGuard, suspendedGuard } from './guards.ts';
import type { DecidedIntent, ResolvedApproval } from './intent.ts';
import { recordResolution } from './features/observe.ts';
import { countResolution } from './ledger.ts';

/**
 * Ends a decision that waited for people. An approval is checked once more, for what may have changed since: a suspended
 * agent pays nothing, and without an exchange rate nobody knows how much of the limit it would be. The limits need no
 * second look, because the amount was held all along. The decision's context stays as it was when the policies answered.
 */
export function decideFinally(
  pending: DecidedIntent,
  resolution: Pick<ResolvedApproval, 'approvalId' | 'outcome'>,
  account: Account,
  merchantKey: string | null,
  decidedAt: string,
): DecidedIntent {
  const objection = resolution.outcome === 'approved' ? recheck(pending, account) : null;
  const approved = resolution.outcome === 'approved' && !objection;
  countResolution(account, pending.context, approved);
  recordResolution(account, merchantKey, pending.context, approved);
  return {
    ...pending,
    decidedAt,
    final: true,
    outcome: approved ? 'approved' : 'denied',
    matchedPolicy: objection ? guardMatch(objection.name) : pending.matchedPolicy,
    guards: objection ? [...pending.guards, { name: objection.name, verdict: 'deny' }] : pending.guards,
    reasons: [...pending.reasons, objection?.reason ?? REASONS[resolution.outcome]],
    approvalTerms: null,
    approvalId: resolution.approvalId,
  };
}

const REASONS = {
  approved: 'The approval was given',
  rejected: 'The approval was refused',
  expired: 'Nobody answered in time',
} as const satisfies Record<ResolvedApproval['outcome'], string>;

function recheck(pending: DecidedIntent, account: Account): Guard | null {
  if (account.status === 'suspended') return suspendedGuard();
  const { amountBaseMinor, baseCurrency } = pending.context;
  return amountBaseMinor === null ? missingRateGuard(pending.money.currency, baseCurrency) : null;
}
