import type { DecisionContext } from '@aegis/contracts/events/intents';
import type { Account } from './account.ts';
import { observe } from './context.ts';
import { decide, guardMatch, type Verdict } from './decide.ts';
import { GUARDS, undecidableGuard } from './guards.ts';
import type { DecidedIntent, SubmittedIntent } from './intent.ts';
import { recordFeatures } from './features/observe.ts';
import { claimIn } from './counted.ts';
import { countDecision } from './ledger.ts';
import type { Settings } from './organization.ts';
import type { PolicySet } from './policy-set.ts';
import { RISK_MODEL } from './risk.ts';
import type { Surroundings } from './surroundings.ts';

/** What the shell adds to an answer: nothing in the domain reads a clock or makes an id. */
export interface Stamp {
  readonly decisionId: `dec_${string}`;
  readonly decidedAt: string;
}

const OUTCOMES = { allow: 'approved', deny: 'denied', require_approval: 'pending_approval' } as const;

/**
 * Decides an intent and counts it in the agent's account. Whatever goes wrong in here would go wrong again, so it ends
 * in a denial ("Undecidable") that the agent and the log see, and counts nothing.
 */
export function decideFirst(
  intent: SubmittedIntent,
  account: Account,
  policySet: PolicySet,
  surroundings: Surroundings,
  stamp: Stamp,
): DecidedIntent {
  let context: DecisionContext;
  let verdict: Verdict;
  try {
    context = observe(intent, policySet.settings, account, surroundings, policySet.thresholds);
    verdict = decide(intent, context, policySet);
  } catch (error) {
    return denyUndecidable(intent, account, policySet, String(error instanceof Error ? error.message : error), stamp);
  }
  const { shared } = surroundings;
  const books = { account, shared, date: context.date, intentId: intent.intentId, inWallet: account.wallet !== null };
  countDecision(books, OUTCOMES[verdict.policyDecision], claimIn(context));
  recordFeatures(intent, account, context, policySet.thresholds, verdict.policyDecision);
  return recordOf({ intent, account, policySet, context, verdict, stamp });
}

/** The denial of an intent that no rule can answer: unknown agent or organisation, or data that make no sense. */
export function denyUndecidable(
  intent: SubmittedIntent,
  account: Account | null,
  policySet: PolicySet | null,
  cause: string,
  stamp: Stamp,
): DecidedIntent {
  const guard = undecidableGuard(cause);
  const verdict: Verdict = {
    policyDecision: 'deny',
    matchedPolicy: guardMatch(GUARDS.undecidable),
    guards: [guard],
    reasons: [guard.reason],
    risk: { score: '1', model: RISK_MODEL, factors: [] },
    shadow: [],
    approvalTerms: null,
  };
  const context = blankContext(intent, account, policySet?.settings ?? null);
  return recordOf({ intent, account, policySet, context, verdict, stamp });
}

interface Decision {
  readonly intent: SubmittedIntent;
  readonly account: Account | null;
  readonly policySet: PolicySet | null;
  readonly context: DecisionContext;
  readonly verdict: Verdict;
  readonly stamp: Stamp;
}

function recordOf({ intent, account, policySet, context, verdict, stamp }: Decision): DecidedIntent {
  return {
    intentId: intent.intentId,
    decisionId: stamp.decisionId,
    agentId: intent.agentId,
    money: intent.money,
    merchantCategory: intent.merchantCategory,
    intentCreatedAt: intent.createdAt,
    decidedAt: stamp.decidedAt,
    ...verdictRecord(verdict),
    policySet: policySet ? { version: policySet.version, hash: policySet.hash } : { version: 0, hash: '' },
    context,
    parties: {
      submitterId: intent.submitter.id,
      agentOwnerId: account?.ownerId ?? null,
      keyCreatorId: intent.keyCreatorId,
    },
    approvalId: null,
  };
}

/** A verdict in the form that decisions are told and kept in. */
export function verdictRecord(verdict: Verdict) {
  const { policyDecision, matchedPolicy, shadow, guards, reasons, risk, approvalTerms } = verdict;
  return {
    final: policyDecision !== 'require_approval',
    outcome: OUTCOMES[policyDecision],
    policyDecision,
    matchedPolicy,
    ...(shadow.length > 0 && { shadow }),
    guards: guards.map(({ name, verdict: objection }) => ({ name, verdict: objection })),
    reasons,
    risk,
    approvalTerms,
  };
}

/** What can still be said of an intent whose context could not be made out. */
function blankContext(intent: SubmittedIntent, account: Account | null, settings: Settings | null): DecisionContext {
  return {
    baseCurrency: settings?.baseCurrency ?? intent.money.currency,
    baseExponent: settings?.baseExponent ?? intent.money.exponent,
    amountBaseMinor: null,
    fxRate: null,
    timeZone: settings?.timeZone ?? 'UTC',
    date: intent.createdAt.slice(0, 10),
    dayOfWeek: '',
    hourOfDay: 0,
    dayOfMonth: 0,
    agentName: account?.name ?? '',
    agentStatus: account?.status ?? 'active',
    agentRiskLevel: account?.riskLevel ?? 'high',
    dailyLimitMinor: null,
    dailySpentMinor: '0',
    dailyHeldMinor: '0',
    monthlyLimitMinor: null,
    monthlySpentMinor: '0',
    monthlyHeldMinor: '0',
    historyCount: 0,
    historyMeanMinor: null,
  };
}
