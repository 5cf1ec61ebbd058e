import type { Condition, PolicyAction, RuleGroup } from '@aegis/contracts/policy-rules';
import { type Fields, type FieldReference, fieldReference, metadataValue } from './fields.ts';
import { type Operand, readOperand, valuesOf } from './operand.ts';
import { compilePattern } from './pattern.ts';

/** Whether an intent satisfies a rule. */
export type Predicate = (fields: Fields) => boolean;

type Read = (fields: Fields) => Operand | undefined;
type Test = (value: Operand) => boolean;

/**
 * Turns validated rules into a closure. A value that is missing fails every positive comparison; it passes a negative
 * one (`neq`, `not_in`, `not_contains`) unless the policy allows: leaving the merchant out must not pass an allow-list.
 *
 * @throws Error for rules that validation refuses
 */
export function compileRules(rules: RuleGroup, action: PolicyAction): Predicate {
  return compileGroup(rules, action !== 'allow');
}

function compileGroup(group: RuleGroup, negationHoldsWhenMissing: boolean): Predicate {
  const parts = group.conditions.map((part) =>
    'match' in part ? compileGroup(part, negationHoldsWhenMissing) : compileCondition(part, negationHoldsWhenMissing),
  );
  const [first, second] = parts;
  if (first && !second) return first;
  return group.match === 'all' ? all(parts) : any(parts);
}

function all(parts: readonly Predicate[]): Predicate {
  return (fields) => {
    for (const part of parts) if (!part(fields)) return false;
    return true;
  };
}

function any(parts: readonly Predicate[]): Predicate {
  return (fields) => {
    for (const part of parts) if (part(fields)) return true;
    return false;
  };
}

function compileCondition(condition: Condition, negationHoldsWhenMissing: boolean): Predicate {
  const reference = fieldReference(condition.field);
  if (!reference) throw new Error(`unknown field ${condition.field}`);
  if (condition.operator === 'exists') return compileExists(reference, condition.value !== false);
  const operands = valuesOf(condition).map((value) => {
    const operand = readOperand(reference, value);
    if (operand === null) throw new Error(`${condition.field} cannot be compared with ${String(value)}`);
    return operand;
  });
  const [operand] = operands;
  if (operand === undefined) throw new Error(`${condition.field} ${condition.operator} has no value`);
  const read = compileRead(reference, operand);
  const positive = (test: Test): Predicate => {
    return (fields) => {
      const value = read(fields);
      return value !== undefined && test(value);
    };
  };
  const negative = (test: Test): Predicate => {
    return (fields) => {
      const value = read(fields);
      return value === undefined ? negationHoldsWhenMissing : !test(value);
    };
  };
  switch (condition.operator) {
    case 'neq':
      return negative(equals(operand));
    case 'not_in':
      return negative(oneOf(operands));
    case 'not_contains':
      return negative(text((value) => value.includes(String(operand))));
    default:
      return positive(compileTest(condition.operator, operand, operands, reference));
  }
}

type PositiveOperator = Exclude<Condition['operator'], 'exists' | 'neq' | 'not_in' | 'not_contains'>;

function compileTest(
  operator: PositiveOperator,
  operand: Operand,
  operands: readonly Operand[],
  reference: FieldReference,
): Test {
  switch (operator) {
    case 'eq':
      return equals(operand);
    case 'in':
      return oneOf(operands);
    case 'gt':
      return (value) => value > operand;
    case 'gte':
      return (value) => value >= operand;
    case 'lt':
      return (value) => value < operand;
    case 'lte':
      return (value) => value <= operand;
    case 'between': {
      const high = operands[1] ?? operand;
      return (value) => value >= operand && value <= high;
    }
    case 'contains':
      return text((value) => value.includes(String(operand)));
    case 'starts_with':
      return text((value) => value.startsWith(String(operand)));
    case 'ends_with':
      return text((value) => value.endsWith(String(operand)));
    case 'matches': {
      const pattern = compilePattern(String(operand), reference.kind === 'field' && reference.caseless);
      return text((value) => pattern.test(value));
    }
  }
}

function equals(operand: Operand): Test {
  return (value) => value === operand;
}

function oneOf(operands: readonly Operand[]): Test {
  const set = new Set(operands);
  return (value) => set.has(value);
}

function text(test: (value: string) => boolean): Test {
  return (value) => typeof value === 'string' && test(value);
}

/** Metadata of another type than the operand's counts as missing: an agent cannot dodge a rule by sending a list. */
function compileRead(reference: FieldReference, operand: Operand): Read {
  if (reference.kind === 'field') {
    const { name } = reference;
    return (fields) => fields[name];
  }
  const { path } = reference;
  const isAlike = typeOf(operand);
  return (fields) => {
    const value = metadataValue(fields.metadata, path);
    return isAlike(value) ? value : undefined;
  };
}

function typeOf(operand: Operand): (value: unknown) => value is Operand {
  const type = typeof operand;
  return (value): value is Operand => typeof value === type;
}

function compileExists(reference: FieldReference, expected: boolean): Predicate {
  if (reference.kind === 'field') {
    const { name } = reference;
    return (fields) => (fields[name] !== undefined) === expected;
  }
  const { path } = reference;
  return (fields) => (metadataValue(fields.metadata, path) !== undefined) === expected;
}
