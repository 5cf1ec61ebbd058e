import { type Condition, type PolicyAction, POLICY_FIELDS, type RuleGroup } from '@aegis/contracts/policy-rules';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldsOf, observe } from '../src/domain/context.ts';
import { readRules } from '../src/domain/rules/compile.ts';
import { generateFirstMatch } from '../src/domain/rules/generate.ts';
import { validateRules } from '../src/domain/rules/validate.ts';
import { answeringPolicy } from './reference-evaluator.ts';
import { account, policy, RUPEES, submission, surroundings } from './samples.ts';

/** What has broken out of generated code elsewhere: quotes, comments, templates, line ends, prototypes, calls. */
const HOSTILE = [
  "'",
  '"',
  '`',
  '\\',
  '\\u0027',
  '${globalThis.broken = 1}',
  '`+(globalThis.broken=1)+`',
  "');globalThis.broken=1;('",
  '"];globalThis.broken=1;["',
  '}globalThis.broken=1;{',
  '*/globalThis.broken=1;/*',
  '//',
  '\n',
  '\r',
  '\u2028',
  '\u2029',
  '\0',
  '\ud800',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '__defineGetter__',
  'bound[0]',
  'c0',
  'v0r',
  'return 0',
  'process.exit(1)',
  ')',
  '=>',
];

const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 4 })), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
const path = fc.array(
  text.map((key) => key.replaceAll('.', '')).filter((key) => key !== ''),
  { minLength: 1, maxLength: 3 },
);
const value = fc.oneof(text, fc.boolean(), fc.double({ noDefaultInfinity: true, noNaN: true }));

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.tuple(path, fc.constantFrom('eq', 'neq'), value).map(([keys, operator, single]) => ({
    field: `metadata.${keys.join('.')}`,
    operator,
    value: single,
  })),
  fc
    .tuple(fc.constantFrom('eq', 'neq', 'contains', 'not_contains', 'starts_with', 'ends_with'), text)
    .chain(([operator, single]) =>
      fc.constantFrom('merchant', 'reason', 'agent_name').map((field) => ({ field, operator, value: single })),
    ),
  fc
    .tuple(fc.constantFrom('merchant', 'reason'), fc.constantFrom('in', 'not_in'), fc.array(text, { minLength: 1 }))
    .map(([field, operator, list]) => ({ field, operator, value: list })),
  fc
    .tuple(fc.constantFrom('amount', 'confidence', 'daily_spend_after'), fc.constantFrom('eq', 'gt', 'lte'), fc.nat(99))
    .map(([field, operator, single]) => ({ field, operator, value: single })),
) as fc.Arbitrary<Condition>;

const rules: fc.Arbitrary<RuleGroup> = fc.record({
  match: fc.constantFrom('all', 'any'),
  conditions: fc.array(
    fc.oneof(
      condition,
      fc.record({ match: fc.constantFrom('all', 'any'), conditions: fc.array(condition, { minLength: 1 }) }),
    ),
    { minLength: 1, maxLength: 4 },
  ),
});

/** Everything that may stand in the code: its own names, and fields from the table of fields. */
const TOKEN = new RegExp(
  [
    `(?:[cv]\\d+r?|f\\.(?:${Object.keys(POLICY_FIELDS).join('|')})|f|let|if|return|true|false|undefined|\\d+)\\b`,
    '=>|===|!==|>=|<=|&&|\\|\\||\\.(?:get|has|includes|charCodeAt|startsWith|endsWith)\\(|[&|!]|[-(){},;=<>?:\\s]',
  ]
    .map((part) => `(?:${part})`)
    .join('|'),
  'y',
);

function foreignPart(code: string): string | null {
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < code.length) {
    const at = TOKEN.lastIndex;
    if (!TOKEN.test(code)) return code.slice(at, at + 40);
  }
  return null;
}

test('nothing that a person wrote gets into generated code, and it answers as the reference does', () => {
  const broken = () => (globalThis as { broken?: unknown }).broken;
  let matched = 0;
  let accepted = 0;
  const intents = fc.record({ merchant: text, reason: text, agentName: text, metadata: fc.tuple(path, value) });
  const actions = fc.constantFrom<PolicyAction>('allow', 'deny', 'require_approval');
  fc.assert(
    fc.property(fc.array(fc.tuple(rules, actions), { minLength: 1, maxLength: 4 }), intents, (drafts, facts) => {
      const set = drafts.flatMap(([draft, action], index) => {
        const read = validateRules(draft);
        return read.ok ? [policy({ rules: read.rules, action, priority: -index })] : [];
      });
      accepted += set.length;
      const { tests, formulas, selectivity } = readRules(set);
      const generated = generateFirstMatch(tests, formulas, selectivity);
      expect(foreignPart(String(generated))).toBe(null);

      const metadata = nested(...facts.metadata);
      const intent = submission({ merchant: facts.merchant, reason: facts.reason, metadata });
      const context = observe(intent, RUPEES, account({ name: facts.agentName }), surroundings(), []);
      const expected = answeringPolicy(set, intent, context, '0')?.id;
      if (expected) matched += 1;
      expect(set[generated(fieldsOf(intent, context, '0'))]?.id).toBe(expected);
      expect(broken()).toBe(undefined);
    }),
    { numRuns: 5_000 },
  );
  expect(accepted).toBeGreaterThan(5_000);
  expect(matched).toBeGreaterThan(1_000);
});

/** As `JSON.parse` makes it: `__proto__` is a key like any other. */
function nested(keys: readonly string[], leaf: unknown): Record<string, unknown> {
  const json = keys.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, JSON.stringify(leaf));
  return JSON.parse(json) as Record<string, unknown>;
}
