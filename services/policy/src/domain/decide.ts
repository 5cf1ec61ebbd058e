import type { DecisionContext, MatchedPolicy, Risk, ShadowMatch } from '@aegis/contracts/events/intents';
import { type ApprovalTerms, DEFAULT_APPROVAL_TERMS, type PolicyAction } from '@aegis/contracts/policy-rules';
import { fieldsOf } from './context.ts';
import { type Guard, objections, openApprovalsGuard } from './guards.ts';
import type { SubmittedIntent } from './intent.ts';
import { type Policy, policyDigest } from './policy.ts';
import type { PolicySet } from './policy-set.ts';
import { assessRisk } from './risk.ts';

/** The answer to one intent, before anything is written. */
export interface Verdict {
  readonly policyDecision: PolicyAction;
  readonly matchedPolicy: MatchedPolicy;
  readonly guards: readonly Guard[];
  readonly reasons: string[];
  readonly risk: Risk;
  readonly shadow: ShadowMatch[];
  /** Set while a person is asked. */
  readonly approvalTerms: ApprovalTerms | null;
}

/**
 * Decides one intent. It looks at nothing but its arguments, so a recorded submission, context and policy-set version
 * give the recorded answer again.
 *
 * Guards and policies are both evaluated and the strictest answer wins: deny, then require_approval, then allow. Among
 * denials the first guard names it, among requests for approval the policy and its assignees.
 */
export function decide(
  intent: SubmittedIntent,
  context: DecisionContext,
  policySet: Pick<PolicySet, 'match' | 'shadow' | 'settings'>,
): Verdict {
  const risk = assessRisk(context, intent.confidence);
  const fields = fieldsOf(intent, context, risk.score);
  const policy = policySet.match(fields);
  const answer = policy ? policyAnswer(policy) : defaultAnswer(policySet.settings.defaultAction);
  const guards = objections(context, intent.money.currency);
  let strictest = strictestOf(guards, answer);
  const open = context.openApprovals;
  if (strictest.action === 'require_approval' && open && open.count >= open.limit) {
    const guard = openApprovalsGuard(open.count);
    guards.push(guard);
    strictest = guardAnswer(guard);
  }
  return {
    policyDecision: strictest.action,
    matchedPolicy: strictest.matchedPolicy,
    guards,
    reasons: [...guards.map((guard) => guard.reason), answer.reason],
    risk,
    shadow: policySet.shadow(fields).map(({ id, version, name, action }) => ({ id, version, name, action })),
    approvalTerms: strictest.action === 'require_approval' ? strictest.terms : null,
  };
}

interface Answer {
  readonly action: PolicyAction;
  readonly matchedPolicy: MatchedPolicy;
  readonly terms: ApprovalTerms;
  readonly reason: string;
}

function strictestOf(guards: readonly Guard[], answer: Answer): Answer {
  const denial = guards.find((guard) => guard.verdict === 'deny');
  if (denial) return guardAnswer(denial);
  const doubt = guards.find((guard) => guard.verdict === 'require_approval');
  if (!doubt || answer.action === 'deny') return answer;
  const policyAsks = answer.action === 'require_approval' && answer.matchedPolicy.kind === 'policy';
  return policyAsks ? answer : guardAnswer(doubt);
}

function policyAnswer(policy: Policy): Answer {
  const { id, version, name, action, approval } = policy;
  return {
    action,
    matchedPolicy: { kind: 'policy', id, version, name, sha256: policyDigest(policy) },
    terms: approval ?? DEFAULT_APPROVAL_TERMS,
    reason: `Policy "${name}" answers ${action}`,
  };
}

const DEFAULT_NAMES = {
  allow: 'Default Allow',
  deny: 'Default Deny',
  require_approval: 'Default Approval',
} as const satisfies Record<PolicyAction, string>;

function defaultAnswer(action: PolicyAction): Answer {
  const name = DEFAULT_NAMES[action];
  return {
    action,
    matchedPolicy: { kind: 'default', id: null, version: null, name },
    terms: DEFAULT_APPROVAL_TERMS,
    reason: `${name}: no policy matches`,
  };
}

function guardAnswer({ name, verdict, reason }: Guard): Answer {
  return { action: verdict, matchedPolicy: guardMatch(name), terms: DEFAULT_APPROVAL_TERMS, reason };
}

/** How a decision names the guard that made it. */
export function guardMatch(name: Guard['name']): MatchedPolicy {
  return { kind: 'guard', id: null, version: null, name };
}
