import type { Condition, Operator, PolicyAction } from '@aegis/contracts/policy-rules';
import { type FieldReference, fieldReference, ignoresCase } from './fields.ts';
import { type Operand, readOperand, valuesOf } from './operand.ts';
import { compilePattern } from './pattern.ts';

/** One condition, ready to be asked. */
export interface Test {
  /** The field as the condition names it. */
  readonly field: string;
  readonly reference: FieldReference;
  readonly operator: Operator;
  /** What the value is compared with, in the form that the fields have; none for `exists`. */
  readonly operands: readonly Operand[];
  /** The answer for a missing value. */
  readonly whenMissing: boolean;
  /** The answer for a value as `readerOf` gives it. */
  readonly holds: (value: unknown) => boolean;
  /** Instructions of its regular expression, each of which may cost one step a character of the value. */
  readonly programSize: number;
}

const NEGATIONS: readonly Operator[] = ['neq', 'not_in', 'not_contains'];

/**
 * A value that is missing fails every positive comparison; it passes a negative one (`neq`, `not_in`, `not_contains`)
 * unless the policy allows: leaving the merchant out must not pass an allow-list. Metadata of another type than the
 * operand's counts as missing: an agent cannot dodge a rule by sending a list.
 *
 * @throws Error for a condition that validation refuses
 */
export function createTest(condition: Condition, action: PolicyAction): Test {
  const { field, operator } = condition;
  const reference = fieldReference(field);
  if (!reference) throw new Error(`unknown field ${field}`);
  if (operator === 'exists') {
    const expected = condition.value !== false;
    const holds = (value: unknown) => (value !== undefined) === expected;
    return { field, reference, operator, operands: [], whenMissing: !expected, holds, programSize: 0 };
  }
  const operands = valuesOf(condition).map((value) => {
    // A pattern ignores case by itself; in lower case it would be another one (\D is not \d).
    const operand = operator === 'matches' ? String(value) : readOperand(reference, value);
    if (operand === null) throw new Error(`${field} cannot be compared with ${String(value)}`);
    return operand;
  });
  const [operand] = operands;
  if (operand === undefined) throw new Error(`${field} ${operator} has no value`);
  const whenMissing = NEGATIONS.includes(operator) && action !== 'allow';
  const { compare, programSize } =
    operator === 'matches'
      ? matching(operand, reference)
      : { compare: comparison(operator, operand, operands), programSize: 0 };
  const type = reference.kind === 'metadata' ? typeof operand : null;
  const holds = (value: unknown) =>
    value === undefined || (type !== null && typeof value !== type) ? whenMissing : compare(value as Operand);
  return { field, reference, operator, operands, whenMissing, holds, programSize };
}

/** What identifies a test: two conditions with the same key have the same answer for every intent. */
export function testKey({ field, operator, operands, whenMissing }: Test): string {
  const values = operands.map((operand) =>
    typeof operand === 'string' ? JSON.stringify(operand) : `${typeof operand} ${operand}`,
  );
  return `${operator} ${whenMissing} ${field} ${values.join()}`;
}

type Comparison = (value: Operand) => boolean;

function matching(operand: Operand, reference: FieldReference): { compare: Comparison; programSize: number } {
  const pattern = compilePattern(String(operand), ignoresCase(reference));
  return { compare: text((value) => pattern.test(value)), programSize: pattern.programSize() };
}

function comparison(
  operator: Exclude<Operator, 'exists' | 'matches'>,
  operand: Operand,
  operands: readonly Operand[],
): Comparison {
  switch (operator) {
    case 'eq':
      return (value) => value === operand;
    case 'neq':
      return (value) => value !== operand;
    case 'in':
    case 'not_in': {
      const set = new Set(operands);
      const expected = operator === 'in';
      return (value) => set.has(value) === expected;
    }
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
    case 'not_contains': {
      const expected = operator === 'contains';
      return text((value) => value.includes(String(operand)) === expected);
    }
    case 'starts_with':
      return text((value) => value.startsWith(String(operand)));
    case 'ends_with':
      return text((value) => value.endsWith(String(operand)));
  }
}

function text(compare: (value: string) => boolean): Comparison {
  return (value) => typeof value === 'string' && compare(value);
}
