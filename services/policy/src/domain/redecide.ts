import { canonicalJson } from '@aegis/contracts/canonical-json';
import type { MatchedPolicy } from '@aegis/contracts/events/intents';
import type { Condition, RuleGroup } from '@aegis/contracts/policy-rules';
import { decide } from './decide.ts';
import type { DecisionRecord } from './decision-record.ts';
import { RESOLUTION_REASONS, type Resolving } from './final-decision.ts';
import { verdictRecord } from './first-decision.ts';
import { GUARDS } from './guards.ts';
import type { DecidedIntent } from './intent.ts';
import type { Policy } from './policy.ts';
import type { PolicySet } from './policy-set.ts';
import { RISK_MODEL } from './risk.ts';

/** A part of a decision that comes out otherwise when it is made again. */
export interface Difference {
  readonly field: string;
  readonly recorded: unknown;
  readonly again: unknown;
}

/**
 * What deciding again says of a recorded decision. `unverifiable`: a policy looks at text that was erased; the record
 * names another risk model than this release has; or no rule had answered in the first place.
 */
export type Redecision =
  | { readonly kind: 'same' }
  | { readonly kind: 'different'; readonly differences: readonly Difference[] }
  | { readonly kind: 'unverifiable'; readonly cause: 'erased' | 'other risk model' | 'undecidable' };

/** A policy-set version with what can be recomputed of it. */
export interface RecordedSet {
  readonly compiled: PolicySet;
  readonly policies: readonly Policy[];
  /** Recomputed from the settings and policies. */
  readonly hash: string;
}

/** Decides a recorded decision again from its input, its context and its policy-set version, and compares bit for bit. */
export function redecide({ input, decided }: DecisionRecord, set: RecordedSet): Redecision {
  if (decided.guards.some(({ name }) => name === GUARDS.undecidable)) {
    return { kind: 'unverifiable', cause: 'undecidable' };
  }
  if (input.kind === 'resolution') {
    return compare(decided, againstAnswer(input.outcome, input.pending, decided));
  }
  if (decided.risk.model !== RISK_MODEL) return { kind: 'unverifiable', cause: 'other risk model' };
  if (input.erased && set.policies.some(needsPersonalText)) {
    return { kind: 'unverifiable', cause: 'erased' };
  }
  const verdict = verdictRecord(decide(input.intent, decided.context, set.compiled));
  const { intentId, agentId, money, createdAt } = input.intent;
  const again = { intentId, agentId, money, intentCreatedAt: createdAt, ...verdict };
  const matchedPolicy = asRecorded(again.matchedPolicy, decided);
  return compare(decided, { ...again, matchedPolicy, policySet: { version: set.compiled.version, hash: set.hash } });
}

/** Older decisions do not tell the policy's digest. */
function asRecorded({ sha256, ...rest }: MatchedPolicy, recorded: DecidedIntent): MatchedPolicy {
  const isTold = sha256 !== undefined && recorded.matchedPolicy.sha256 !== undefined;
  return isTold ? { ...rest, sha256 } : rest;
}

/**
 * What must follow from an answer of people. What stood in the way of an approval (a suspended agent, a limit passed by a
 * rate that came later) was seen at that moment only, so its guard is taken from the record.
 */
function againstAnswer(
  outcome: Resolving['outcome'],
  pending: DecidedIntent,
  recorded: DecidedIntent,
): Partial<DecidedIntent> {
  const objection = outcome === 'approved' ? recorded.guards[pending.guards.length] : undefined;
  const approved = outcome === 'approved' && !objection;
  const reason = objection ? (recorded.reasons.at(-1) ?? '') : RESOLUTION_REASONS[outcome];
  return {
    ...pending,
    decidedAt: recorded.decidedAt,
    approvalId: recorded.approvalId,
    final: true,
    outcome: approved ? 'approved' : 'denied',
    matchedPolicy: objection ? { kind: 'guard', id: null, version: null, name: objection.name } : pending.matchedPolicy,
    guards: objection ? [...pending.guards, objection] : pending.guards,
    reasons: [...pending.reasons, reason],
    approvalTerms: null,
  };
}

function compare(recorded: DecidedIntent, again: Partial<DecidedIntent>): Redecision {
  const differences = Object.entries(again).flatMap(([field, value]): Difference[] => {
    const known: unknown = recorded[field as keyof DecidedIntent];
    return textOf(known) === textOf(value) ? [] : [{ field, recorded: known, again: value }];
  });
  return differences.length === 0 ? { kind: 'same' } : { kind: 'different', differences };
}

function textOf(value: unknown): string {
  return value === undefined ? '' : canonicalJson(value);
}

/** Whether a policy that was in force, deciding or in the shadow, looks at text that may be erased. */
export function needsPersonalText({ isActive, archived, rules }: Policy): boolean {
  return isActive && !archived && looksAtPersonalText(rules);
}

function looksAtPersonalText(part: Condition | RuleGroup): boolean {
  if ('match' in part) return part.conditions.some(looksAtPersonalText);
  return part.field === 'reason' || part.field === 'merchant' || part.field.startsWith('metadata.');
}
