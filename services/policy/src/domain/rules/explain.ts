import {
  type Condition,
  type Operator,
  POLICY_FIELDS,
  type PolicyAction,
  type RuleGroup,
} from '@aegis/contracts/policy-rules';
import { COMPARED_DECIMALS } from '../exact.ts';
import { createTest } from './condition-test.ts';
import { type FieldReference, fieldReference, type Fields, readerOf } from './fields.ts';

/** One condition of a policy as it turned out for an intent. */
export interface ExplainedCondition {
  /** Where it stands, such as `rules.conditions[1].conditions[0]`. */
  readonly path: string;
  readonly field: string;
  readonly operator: Operator;
  /** What the field is compared with, as it was written; undefined for `exists` without a value. */
  readonly value: Condition['value'];
  /** What the intent has there; null when it is missing. */
  readonly actual: string | number | boolean | null;
  readonly holds: boolean;
}

export interface ExplainedRules {
  readonly holds: boolean;
  /** Every condition in the order of writing, also those that nothing depended on. */
  readonly conditions: ExplainedCondition[];
}

/**
 * Reads rules one condition after the other and tells each answer. Whether the whole holds is what the compiled set says.
 *
 * @throws Error for rules that validation refuses
 */
export function explainRules(rules: RuleGroup, action: PolicyAction, fields: Fields): ExplainedRules {
  const conditions: ExplainedCondition[] = [];
  const explainGroup = (group: RuleGroup, path: string): boolean => {
    const answers = group.conditions.map((part, index) => {
      const place = `${path}.conditions[${index}]`;
      if ('match' in part) return explainGroup(part, place);
      const explained = explainCondition(part, action, fields, place);
      conditions.push(explained);
      return explained.holds;
    });
    return group.match === 'all' ? answers.every(Boolean) : answers.some(Boolean);
  };
  const holds = explainGroup(rules, 'rules');
  return { holds, conditions };
}

function explainCondition(
  condition: Condition,
  action: PolicyAction,
  fields: Fields,
  path: string,
): ExplainedCondition {
  const test = createTest(condition, action);
  const seen = readerOf(test.reference)(fields);
  const { field, operator, value } = condition;
  return { path, field, operator, value, actual: shown(seen, test.reference), holds: test.holds(seen) };
}

const MAX_TEXT = 256;

/** What conditions see of an intent, by field. */
export function seenFields(fields: Fields): Record<string, ExplainedCondition['actual']> {
  const references = Object.keys(POLICY_FIELDS)
    .map(fieldReference)
    .filter((reference) => reference?.kind === 'field');
  return Object.fromEntries(
    references.map((reference) => [reference.name, shown(readerOf(reference)(fields), reference)] as const),
  );
}

/** A value as JSON can hold it and a person can read it: amounts in whole units, long texts cut, structures named. */
function shown(value: unknown, reference: FieldReference): ExplainedCondition['actual'] {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return reference.kind === 'field' && reference.type === 'money' ? inUnits(value) : Number(value);
    case 'string':
      return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
    case 'boolean':
      return value;
    case 'undefined':
      return null;
    default:
      return Array.isArray(value) ? '(a list)' : '(an object)';
  }
}

/** A number while it is an exact one, else decimal text. */
function inUnits(tenThousandths: number | bigint): number | string {
  const scale = 10n ** BigInt(COMPARED_DECIMALS);
  const value = BigInt(tenThousandths);
  const magnitude = value < 0n ? -value : value;
  const fraction = (magnitude % scale).toString().padStart(COMPARED_DECIMALS, '0').replace(/0+$/, '');
  const text = `${value < 0n ? '-' : ''}${magnitude / scale}${fraction === '' ? '' : `.${fraction}`}`;
  return String(Number(text)) === text ? Number(text) : text;
}
