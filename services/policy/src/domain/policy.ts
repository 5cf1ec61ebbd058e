import { permissionsOf, ROLES, type Role } from '@aegis/contracts/permissions';
import {
  type ApprovalTerms,
  approvalTermsSchema,
  POLICY_MODES,
  type PolicyAction,
  type PolicyMode,
  type RuleGroup,
} from '@aegis/contracts/policy-rules';
import { type FieldError, ProblemError } from '@aegis/contracts/problems';
import { digestOf } from '@aegis/contracts/canonical-json';
import type { PatternBudget } from './rules/pattern-budget.ts';
import { joinPath, validateRules } from './rules/validate.ts';

/** One version of a policy; versions never change, a change adds one. */
export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  readonly priority: number;
  readonly action: PolicyAction;
  readonly rules: RuleGroup;
  readonly isActive: boolean;
  readonly mode: PolicyMode;
  readonly approval: ApprovalTerms | null;
  readonly archived: boolean;
  /** When the first version was made (RFC 3339): among equal priorities the oldest policy answers first. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What an author writes; `rules` and `approval` are parsed JSON, still unchecked. */
export interface PolicyDraft {
  readonly name: string;
  readonly description: string | null;
  readonly priority: number;
  readonly action: string;
  readonly rules: unknown;
  readonly isActive: boolean;
  readonly mode: string;
  readonly approval: unknown;
}

export type PolicyChange = { readonly [K in keyof PolicyDraft]?: PolicyDraft[K] | undefined };

type Definition = Pick<
  Policy,
  'name' | 'description' | 'priority' | 'action' | 'rules' | 'isActive' | 'mode' | 'approval'
>;

const ACTIONS: readonly string[] = ['allow', 'deny', 'require_approval'] satisfies PolicyAction[];
const MAX_NAME = 200;
const MAX_DESCRIPTION = 2_000;

/**
 * Checks a draft whole, so that its author sees every fault at once.
 *
 * @param patterns shared by drafts that belong together
 * @throws ProblemError `invalid_policy`
 */
export function readDraft(draft: PolicyDraft, patterns?: PatternBudget): Definition {
  const errors: FieldError[] = [];
  const name = draft.name.trim();
  if (name === '' || name.length > MAX_NAME) {
    errors.push({ path: 'name', message: `must have 1 to ${MAX_NAME} characters` });
  }
  if (draft.description !== null && draft.description.length > MAX_DESCRIPTION) {
    errors.push({ path: 'description', message: `must have at most ${MAX_DESCRIPTION} characters` });
  }
  if (!Number.isFinite(draft.priority)) errors.push({ path: 'priority', message: 'must be a number' });
  if (!isAction(draft.action)) errors.push({ path: 'action', message: `must be one of ${ACTIONS.join(', ')}` });
  if (!isMode(draft.mode)) errors.push({ path: 'mode', message: `must be one of ${POLICY_MODES.join(', ')}` });
  const rules = validateRules(draft.rules, patterns);
  if (!rules.ok) errors.push(...rules.errors);
  const approval = readApproval(draft.approval, errors);
  const { description, priority, action, isActive, mode } = draft;
  if (errors.length > 0 || !rules.ok || !isAction(action) || !isMode(mode)) {
    const [first] = errors;
    throw new ProblemError('invalid_policy', `${first?.path} ${first?.message}`, errors);
  }
  return { name, description, priority, action, rules: rules.rules, isActive, mode, approval };
}

function isAction(action: string): action is PolicyAction {
  return ACTIONS.includes(action);
}

function isMode(mode: string): mode is PolicyMode {
  return POLICY_MODES.some((known) => known === mode);
}

function readApproval(input: unknown, errors: FieldError[]): ApprovalTerms | null {
  if (input === null || input === undefined) return null;
  const parsed = approvalTermsSchema.safeParse(input);
  if (!parsed.success) {
    errors.push(
      ...parsed.error.issues.map((issue) => ({ path: joinPath('approval', issue.path), message: issue.message })),
    );
    return null;
  }
  const terms = parsed.data;
  for (const [index, assignee] of terms.assignees.entries()) {
    if ('role' in assignee && !mayRespond(assignee.role)) {
      const path = `approval.assignees[${index}].role`;
      errors.push({ path, message: `must be a role that may answer approvals: ${RESPONDING_ROLES.join(', ')}` });
    }
  }
  const people = new Set(terms.assignees.flatMap((assignee) => ('userId' in assignee ? [assignee.userId] : [])));
  if (people.size === terms.assignees.length && terms.quorum > people.size) {
    const message = `asks for ${terms.quorum} answers, but only ${people.size} people are assigned`;
    errors.push({ path: 'approval.quorum', message });
  }
  return terms;
}

const RESPONDING_ROLES: readonly Role[] = ROLES.filter((role) => permissionsOf([role]).has('approvals:respond'));

function mayRespond(role: string): boolean {
  return RESPONDING_ROLES.some((candidate) => candidate === role);
}

/** The policy as a draft with some fields changed; absent ones keep their value. */
export function redraft(policy: Policy, change: PolicyChange): PolicyDraft {
  const { name, description, priority, action, rules, isActive, mode, approval } = policy;
  return {
    name: change.name ?? name,
    description: change.description === undefined ? description : change.description,
    priority: change.priority ?? priority,
    action: change.action ?? action,
    rules: change.rules ?? rules,
    isActive: change.isActive ?? isActive,
    mode: change.mode ?? mode,
    approval: change.approval === undefined ? approval : change.approval,
  };
}

/** A version never changes, and every decision by it tells its digest. */
const DIGESTS = new WeakMap<Policy, string>();

/** SHA-256 of everything in the version that deciding depends on, and of its texts. */
export function policyDigest(policy: Policy): string {
  const known = DIGESTS.get(policy);
  if (known !== undefined) return known;
  const digest = digestOfVersion(policy);
  DIGESTS.set(policy, digest);
  return digest;
}

function digestOfVersion(policy: Policy): string {
  const { id, version, name, description, priority, action, rules, isActive, approval, archived, createdAt } = policy;
  return digestOf({
    // Left out while it enforces, as all versions did before there were modes: their digests stay right.
    mode: policy.mode === 'enforce' ? undefined : policy.mode,
    id,
    version,
    name,
    description,
    priority,
    action,
    rules,
    isActive,
    approval,
    archived,
    createdAt,
  });
}

/** True when a change would leave the policy as it is. */
export function sameDefinition(policy: Policy, definition: Definition): boolean {
  return policyDigest(policy) === policyDigest({ ...policy, ...definition });
}
