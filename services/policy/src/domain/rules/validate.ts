import type { FieldError } from '@aegis/contracts/problems';
import {
  type FieldType,
  MAX_RULE_DEPTH,
  OPERATORS,
  type Operator,
  POLICY_FIELDS,
  type RuleGroup,
  ruleGroupSchema,
} from '@aegis/contracts/policy-rules';
import { type FieldReference, fieldReference } from './fields.ts';
import { PatternBudget } from './pattern-budget.ts';
import { valueFaults } from './validate-value.ts';

const MAX_CONDITIONS_PER_GROUP = 100;
const MAX_CONDITIONS = 500;

/** A metadata field takes any operator; its value then says which. */
const ALL_OPERATORS = Object.keys(OPERATORS) as Operator[];

type Result = { readonly ok: true; readonly rules: RuleGroup } | { readonly ok: false; readonly errors: FieldError[] };

/**
 * Checks rules as the API received them. What cannot be evaluated is refused here, with the path of the part at fault
 * and what to write instead; nothing is left to be silently false later.
 */
export function validateRules(input: unknown, patterns = new PatternBudget()): Result {
  const path = 'rules';
  const errors: FieldError[] = [];
  const count = checkGroup(input, path, 1, { errors, patterns });
  if (count > MAX_CONDITIONS) {
    errors.push({ path, message: `holds ${count} conditions in all; at most ${MAX_CONDITIONS} are allowed` });
  }
  if (errors.length > 0) return { ok: false, errors };
  const parsed = ruleGroupSchema.safeParse(input);
  if (parsed.success) return { ok: true, rules: parsed.data };
  return {
    ok: false,
    errors: parsed.error.issues.map((issue) => ({ path: joinPath(path, issue.path), message: issue.message })),
  };
}

/** `rules.conditions[2].value` of the keys that a schema reports. */
export function joinPath(root: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`),
    root,
  );
}

interface Checking {
  readonly errors: FieldError[];
  readonly patterns: PatternBudget;
}

/** Returns the number of conditions below. */
function checkGroup(input: unknown, path: string, depth: number, checking: Checking): number {
  const { errors } = checking;
  if (!isRecord(input)) {
    errors.push({ path, message: 'must be an object with match ("all" or "any") and conditions (a list)' });
    return 0;
  }
  refuseUnknownKeys(input, ['match', 'conditions'], path, errors);
  const { match, conditions } = input;
  if (match !== 'all' && match !== 'any') {
    errors.push({ path: `${path}.match`, message: 'must be "all" (AND) or "any" (OR)' });
  }
  if (!Array.isArray(conditions)) {
    errors.push({ path: `${path}.conditions`, message: 'must be a list of conditions' });
    return 0;
  }
  if (conditions.length === 0 && match === 'any') {
    const message =
      'must hold at least one condition; an empty list is legal with match "all" only, and always matches';
    errors.push({ path: `${path}.conditions`, message });
  }
  if (conditions.length > MAX_CONDITIONS_PER_GROUP) {
    errors.push({ path: `${path}.conditions`, message: `must hold at most ${MAX_CONDITIONS_PER_GROUP} conditions` });
    return 0;
  }
  return conditions.reduce<number>(
    (count, part, index) => count + checkPart(part, `${path}.conditions[${index}]`, depth, checking),
    0,
  );
}

function checkPart(input: unknown, path: string, depth: number, checking: Checking): number {
  if (!isRecord(input) || !('match' in input || 'conditions' in input)) {
    checkCondition(input, path, checking);
    return 1;
  }
  if (depth === MAX_RULE_DEPTH) {
    checking.errors.push({ path, message: `nests deeper than ${MAX_RULE_DEPTH} levels of groups` });
    return 0;
  }
  return checkGroup(input, path, depth + 1, checking);
}

function checkCondition(input: unknown, path: string, { errors, patterns }: Checking): void {
  if (!isRecord(input)) {
    errors.push({ path, message: 'must be a condition {field, operator, value} or a group {match, conditions}' });
    return;
  }
  refuseUnknownKeys(input, ['field', 'operator', 'value'], path, errors);
  const { field, operator, value } = input;
  const reference = typeof field === 'string' && field.length <= 256 ? fieldReference(field) : null;
  if (!reference) errors.push({ path: `${path}.field`, message: fieldMessage(field) });
  if (!isOperator(operator)) {
    errors.push({ path: `${path}.operator`, message: `must be one of ${Object.keys(OPERATORS).join(', ')}` });
    return;
  }
  if (!reference) return;
  const legal = operatorsOf(reference);
  if (!legal.includes(operator)) {
    const message = `${operator} does not apply to ${String(field)}; use one of ${legal.join(', ')}`;
    errors.push({ path: `${path}.operator`, message });
    return;
  }
  const faults = valueFaults(reference, String(field), operator, value, `${path}.value`);
  errors.push(...faults);
  if (operator !== 'matches' || faults.length > 0) return;
  const fault = patterns.faultOf(String(value), reference);
  if (fault !== null) errors.push({ path: `${path}.value`, message: fault });
}

function fieldMessage(field: unknown): string {
  const known = `one of ${Object.keys(POLICY_FIELDS).join(', ')}, or metadata.<path>`;
  return typeof field === 'string' && field !== ''
    ? `${field.slice(0, 64)} is not a field; use ${known}`
    : `must be ${known}`;
}

function operatorsOf(reference: FieldReference): readonly Operator[] {
  if (reference.kind === 'metadata') return ALL_OPERATORS;
  return ALL_OPERATORS.filter((operator) => {
    const types: readonly FieldType[] = OPERATORS[operator];
    return types.includes(reference.type);
  });
}

function isOperator(value: unknown): value is Operator {
  return typeof value === 'string' && Object.hasOwn(OPERATORS, value);
}

function refuseUnknownKeys(
  input: Record<string, unknown>,
  known: readonly string[],
  path: string,
  errors: FieldError[],
): void {
  for (const key of Object.keys(input)) {
    if (known.includes(key)) continue;
    errors.push({ path: `${path}.${key.slice(0, 64)}`, message: `is not known here; allowed are ${known.join(', ')}` });
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
