import {
  type Condition,
  type FieldType,
  OPERATORS,
  type Operator,
  POLICY_FIELDS,
  type PolicyField,
  type RuleGroup,
} from '@aegis/contracts/policy-rules';
import fc from 'fast-check';

/** Values from small pools, so that conditions and intents meet often enough to matter. */
export const AMOUNTS = [
  0, 1, 49.99, 50, 50.01, 99.999, 100, 1_000, 99_999_999_999, 9_007_199_254_740.93, 12_345_678_901_234.5,
];
export const TEXTS = ['acme', 'ACME', 'Acme Paper', 'casino', 'ß', 'a', 'paper a4', 'INR'];
export const RATIOS = [0, 0.12, 0.5, 0.9, 0.999999, 1];
export const DATES = ['2026-02-28', '2026-03-05', '2026-03-06', '2027-01-01'];
const PATTERNS = ['^a', 'paper$', 'a.*e', '[A-Z]+', '\\d', '^\\D+$', '\\S$', '\\p{Lu}', 'x?'];
const VOCABULARY: Partial<Record<PolicyField, readonly string[]>> = {
  day_of_week: ['monday', 'thursday', 'saturday', 'sunday'],
  agent_risk_level: ['low', 'medium', 'high'],
  currency: ['INR', 'USD', 'JPY'],
  agent_id: ['0193f2c3-a1b2-7c4d-8e5f-60718293a4b5', '0193f2c3-a1b2-7c4d-8e5f-000000000000'],
};

const PLAIN = {
  money: AMOUNTS,
  number: [...RATIOS, 3, 5, 15, 23],
  text: TEXTS,
  date: DATES,
  boolean: [true, false],
} as const;

export const METADATA_KEYS = ['project', 'count', 'urgent', 'nested.deep', 'nested'];

export const conditions: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...Object.keys(POLICY_FIELDS)).chain(fieldCondition) },
  { weight: 1, arbitrary: fc.constantFrom(...METADATA_KEYS).chain(metadataCondition) },
);

export const ruleGroups: fc.Arbitrary<RuleGroup> = fc.letrec<{ group: RuleGroup; part: Condition | RuleGroup }>(
  (tie) => ({
    group: fc
      .record({
        match: fc.constantFrom('all', 'any'),
        conditions: fc.array(tie('part'), { maxLength: 3, depthIdentifier: 'rules' }),
      })
      .map(({ match, conditions: parts }) => ({ match: parts.length === 0 ? 'all' : match, conditions: parts })),
    part: fc.oneof({ maxDepth: 4, depthIdentifier: 'rules' }, conditions, tie('group')),
  }),
).group;

/** Groups of `all` alone: few intents have it all, so that sets of many policies do not end at their first. */
export const narrowGroups: fc.Arbitrary<RuleGroup> = fc
  .array(conditions, { minLength: 2, maxLength: 5 })
  .map((parts) => ({ match: 'all', conditions: parts }));

/** Groups that hardly any intent satisfies, so that one in hundreds answers. */
export const rareGroups: fc.Arbitrary<RuleGroup> = fc
  .array(conditions, { minLength: 5, maxLength: 7 })
  .map((parts) => ({ match: 'all', conditions: parts }));

function fieldCondition(name: string): fc.Arbitrary<Condition> {
  const field = name as PolicyField;
  const type: FieldType = POLICY_FIELDS[field].type;
  const operators = (Object.keys(OPERATORS) as Operator[]).filter((operator) => {
    const types: readonly FieldType[] = OPERATORS[operator];
    return types.includes(type);
  });
  return fc.constantFrom(...operators).chain((operator) => {
    const exact = ['eq', 'neq', 'in', 'not_in'].includes(operator);
    return condition(field, operator, (exact && VOCABULARY[field]) || PLAIN[type]);
  });
}

function metadataCondition(key: string): fc.Arbitrary<Condition> {
  return fc.constantFrom(...(Object.keys(OPERATORS) as Operator[])).chain((operator) => {
    const textual = ['contains', 'not_contains', 'starts_with', 'ends_with', 'matches'].includes(operator);
    const ordered = ['gt', 'gte', 'lt', 'lte', 'between'].includes(operator);
    const pools: readonly (readonly (string | number | boolean)[])[] = textual
      ? [TEXTS]
      : ordered
        ? [[1, 2, 3]]
        : [TEXTS, [1, 2, 3], [true, false]];
    return fc.constantFrom(...pools).chain((pool) => condition(`metadata.${key}`, operator, pool));
  });
}

type Scalar = string | number | boolean;

function condition(field: string, operator: Operator, pool: readonly Scalar[]): fc.Arbitrary<Condition> {
  const value = fc.constantFrom(...pool);
  switch (operator) {
    case 'exists':
      return fc
        .constantFrom(undefined, true, false)
        .map((expected) => (expected === undefined ? { field, operator } : { field, operator, value: expected }));
    case 'in':
    case 'not_in':
      return fc.array(value, { minLength: 1, maxLength: 4 }).map((values) => ({ field, operator, value: values }));
    case 'between':
      return fc.tuple(value, value).map(([a, b]) => ({ field, operator, value: a <= b ? [a, b] : [b, a] }));
    case 'matches':
      return fc.constantFrom(...PATTERNS).map((pattern) => ({ field, operator, value: pattern }));
    default:
      return value.map((single) => ({ field, operator, value: single }));
  }
}
