import { ruleGroupSchema } from '@aegis/contracts/policy-rules';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test, vi } from 'vitest';
import { compileFirstMatch } from '../src/domain/rules/compile.ts';
import { validateRules } from '../src/domain/rules/validate.ts';
import { ruleGroups } from './rule-arbitraries.ts';

function faults(...conditions: unknown[]): string[] {
  const result = validateRules({ match: 'all', conditions });
  return result.ok ? [] : result.errors.map((error) => `${error.path}: ${error.message}`);
}

test('what validation accepts fits the schema of the events and compiles', () => {
  fc.assert(
    fc.property(ruleGroups, fc.constantFrom('allow', 'deny', 'require_approval'), (rules, action) => {
      const result = validateRules(rules);
      expect(result).toEqual({ ok: true, rules: ruleGroupSchema.parse(rules) });
      expect(() => compileFirstMatch([{ rules, action }])).not.toThrow();
    }),
    { numRuns: 1_000 },
  );
});

test('any JSON at all is either refused with paths or accepted and compiled', () => {
  const part = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        field: fc.oneof(
          fc.constantFrom('amount', 'merchant', 'metadata.a', '__proto__', 'constructor'),
          fc.jsonValue(),
        ),
        operator: fc.oneof(
          fc.constantFrom('eq', 'gt', 'in', 'between', 'matches', 'exists', 'toString'),
          fc.jsonValue(),
        ),
        value: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  );
  const input = fc.oneof(
    fc.jsonValue(),
    fc.record({ match: fc.constantFrom('all', 'any'), conditions: fc.array(part) }),
  );
  fc.assert(
    fc.property(input, (rules) => {
      const result = validateRules(rules);
      if (result.ok) compileFirstMatch([{ rules: result.rules, action: 'deny' }]);
      else expect(result.errors.every(({ path, message }) => path.startsWith('rules') && message !== '')).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

describe('a field that cannot be evaluated is refused, never silently false', () => {
  test.each(['amuont', 'metadata', 'metadata.', 'metadata.a..b', '__proto__'])('%s', (field) => {
    const [fault] = faults({ field, operator: 'eq', value: 1 });
    expect(fault).toMatch(
      new RegExp(`^rules\\.conditions\\[0\\]\\.field: ${field} is not a field; use one of amount, `),
    );
  });
});

describe('the message names the path of the fault and the way out', () => {
  test.each([
    [{ field: 'amount', operator: 'gte', value: '5000' }, 'value', 'must be a number such as 50000 or 99.5'],
    [{ field: 'amount', operator: 'gte' }, 'value', 'is missing'],
    [{ field: 'amount', operator: 'eq', value: 0.12345 }, 'value', 'must have at most 4 decimals'],
    [{ field: 'amount', operator: 'eq', value: 1234567890123456 }, 'value', 'at most 15 significant digits'],
    [{ field: 'amount', operator: 'between', value: [5, 1] }, 'value', 'must name the lowest value first'],
    [{ field: 'amount', operator: 'between', value: [5] }, 'value', 'must be a list of two values'],
    [{ field: 'amount', operator: 'between', value: [5, 'x'] }, 'value[1]', 'must be a number'],
    [
      { field: 'amount', operator: 'contains', value: '5' },
      'operator',
      'contains does not apply to amount; use one of eq',
    ],
    [{ field: 'amount', operator: 'equals', value: 5 }, 'operator', 'must be one of eq, neq'],
    [{ field: 'confidence', operator: 'lt', value: true }, 'value', 'must be a number, as confidence is one'],
    [{ field: 'merchant', operator: 'gt', value: 'a' }, 'operator', 'gt does not apply to merchant'],
    [{ field: 'merchant', operator: 'in', value: 'Acme' }, 'value', 'must be a list of 1 to 1000 values'],
    [{ field: 'merchant', operator: 'in', value: [] }, 'value', 'must be a list of 1 to 1000 values'],
    [{ field: 'merchant', operator: 'in', value: ['a', 1] }, 'value', 'must hold values of one type'],
    [{ field: 'merchant', operator: 'contains', value: '' }, 'value', 'must not be empty'],
    [{ field: 'merchant', operator: 'matches', value: '(?=x)' }, 'value', 'regular expression of the RE2 syntax'],
    [{ field: 'merchant', operator: 'matches', value: '(.{900}){0,1}x{500}' }, 'value', 'use smaller repeat counts'],
    [{ field: 'merchant', operator: 'exists', value: 'yes' }, 'value', 'must be true'],
    [{ field: 'day_of_week', operator: 'in', value: ['saturday', 'Sunday'] }, 'value[1]', 'must be one of monday'],
    [{ field: 'agent_risk_level', operator: 'eq', value: 'severe' }, 'value', 'must be one of low, medium, high'],
    [{ field: 'currency', operator: 'eq', value: 'inr' }, 'value', 'currency code of ISO 4217'],
    [{ field: 'agent_id', operator: 'eq', value: 'buyer' }, 'value', 'must be a UUID'],
    [{ field: 'date', operator: 'gte', value: '2026-02-30' }, 'value', 'must be a date such as'],
    [{ field: 'metadata.project', operator: 'gt', value: '5' }, 'value', 'must be a number for gt'],
    [{ field: 'metadata.project', operator: 'contains', value: 5 }, 'value', 'must be text in quotes'],
    [{ field: 'metadata.project', operator: 'eq', value: null }, 'value', 'is missing'],
    [{ field: 'amount', operator: 'eq', value: 1, unit: 'INR' }, 'unit', 'allowed are field, operator, value'],
  ])('%j', (condition, key, message) => {
    const [fault = ''] = faults({ field: 'amount', operator: 'gt', value: 0 }, condition);
    expect(fault.startsWith(`rules.conditions[1].${key}: `)).toBe(true);
    expect(fault).toContain(message);
  });

  test('every fault is reported at once', () => {
    expect(faults({ field: 'x', operator: 'y' }, 7, { field: 'amount', operator: 'gt', value: 'a' })).toHaveLength(4);
  });
});

test('groups nest to five levels', () => {
  const nest = (levels: number): unknown =>
    levels === 1 ? { match: 'all', conditions: [] } : { match: 'any', conditions: [nest(levels - 1)] };
  expect(validateRules(nest(5)).ok).toBe(true);
  expect(validateRules(nest(6))).toMatchObject({
    ok: false,
    errors: [{ message: 'nests deeper than 5 levels of groups' }],
  });
});

test('an empty list is legal with "all" only', () => {
  expect(validateRules({ match: 'all', conditions: [] }).ok).toBe(true);
  expect(validateRules({ match: 'any', conditions: [] })).toMatchObject({
    ok: false,
    errors: [{ path: 'rules.conditions' }],
  });
});

test('the number of conditions is bounded, a group and in all', () => {
  const condition = { field: 'amount', operator: 'gt', value: 1 };
  const group = { match: 'any', conditions: Array(100).fill(condition) };
  expect(validateRules({ match: 'all', conditions: Array(5).fill(group) }).ok).toBe(true);
  expect(validateRules({ match: 'all', conditions: Array(6).fill(group) }).ok).toBe(false);
  expect(validateRules({ match: 'all', conditions: Array(101).fill(condition) }).ok).toBe(false);
});

test('what regular expressions expand to is bounded in all, and none is compiled beyond', () => {
  const compile = vi.spyOn(RE2JS, 'compile');
  const heavy = { field: 'reason', operator: 'matches', value: 'a{950}' };
  const rules = (count: number, condition: object) => ({ match: 'any', conditions: Array(count).fill(condition) });
  expect(validateRules(rules(10, heavy)).ok).toBe(true);
  expect(validateRules(rules(12, heavy))).toMatchObject({
    ok: false,
    errors: [{ path: 'rules.conditions[10].value' }, { path: 'rules.conditions[11].value' }],
  });
  // A text of the metadata may be eight times as long.
  const metadata = { ...heavy, field: 'metadata.job' };
  expect(validateRules(rules(1, metadata)).ok).toBe(true);
  expect(validateRules(rules(2, metadata)).ok).toBe(false);
  compile.mockClear();
  expect(validateRules(rules(100, { ...heavy, value: 'a{1000}'.repeat(70) })).ok).toBe(false);
  expect(compile).toHaveBeenCalledTimes(1);
  compile.mockRestore();
});
