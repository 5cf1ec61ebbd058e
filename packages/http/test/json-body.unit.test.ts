import { ProblemError } from '@aegis/contracts/problems';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonBody } from '../src/json-body.ts';

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];

function refusal(text: string): ProblemError {
  try {
    parseJsonBody(text);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text.slice(0, 100)}`);
}

/** The engine's own account of number sources. */
function sourcesByReviver(text: string): Record<string, string> {
  const sources: Record<string, string> = {};
  const pairs: [object, string, string][] = [];
  const revive = function (this: object, name: string, value: unknown, context: { source: string }) {
    if (typeof value === 'number') pairs.push([this, name, context.source]);
    return value;
  };
  const root: unknown = JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]);
  for (const [holder, name, source] of pairs) if (holder === root && !Array.isArray(root)) sources[name] = source;
  return sources;
}

const STRING_LITERAL = /"(?:[^"\\]|\\.)*"/g;

/** JSON with white space between tokens, and escapes where they are not needed. */
const json = fc
  .tuple(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t', ' \r\n '))
  .map(([value, space]) => JSON.stringify(value, null, space).replaceAll(STRING_LITERAL, escapeLetters))
  .filter((text) => !/\\u0000|\\ud[89a-f]/i.test(text) && !FORBIDDEN.some((name) => text.includes(name)));

function escapeLetters(literal: string): string {
  return literal.includes('\\') ? literal : literal.replaceAll('a', String.raw`\u0061`);
}

test('gives the value and the number sources that JSON.parse gives', () => {
  fc.assert(
    fc.property(json, (text) => {
      const body = parseJsonBody(text);
      expect(body.value).toEqual(JSON.parse(text));
      expect(body.numberSources).toEqual(sourcesByReviver(text));
    }),
    { numRuns: 2000 },
  );
});

test('keeps the digits that a double drops', () => {
  const { value, numberSources } = parseJsonBody(
    '{"amount" : 1.0000000000000001, "nested": {"amount": 7}, "n":-1.50E+3}',
  );
  expect(value).toMatchObject({ amount: 1 });
  expect(numberSources).toEqual({ amount: '1.0000000000000001', n: '-1.50E+3' });
});

test('finds a number whose name is written with escapes, next to strings full of quotes and backslashes', () => {
  const text = String.raw`{"a":"\\\"{:1,\\","\u0061mount":12.50,"b":"\\"}`;
  expect(parseJsonBody(text).numberSources).toEqual({ amount: '12.50' });
});

test('any text is either parsed or refused with 400', () => {
  const fragments = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '\\',
    '1',
    '-',
    'e9',
    'null',
    '"a"',
    ' ',
    '\ud800',
  );
  const soup = fc.array(fc.oneof(fragments, fc.string()), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(soup, json), (text) => {
      try {
        parseJsonBody(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ProblemError);
        expect((error as ProblemError).status).toBe(400);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([33, 1_000, 100_000])('%i levels are refused without a stack overflow', (depth) => {
  expect(refusal('['.repeat(depth) + ']'.repeat(depth)).code).toBe('invalid_request');
  expect(refusal('{"a":'.repeat(depth) + '1' + '}'.repeat(depth)).message).toContain('deeper than 32');
});

test('32 levels are accepted', () => {
  expect(() => parseJsonBody('['.repeat(32) + ']'.repeat(32))).not.toThrow();
});

test.each(FORBIDDEN)('the name %s is refused at any depth', (name) => {
  const error = refusal(`{"metadata":{"list":[{"${name}":{"polluted":true}}]}}`);
  expect(error.errors).toEqual([{ path: `metadata.list[0].${name}`, message: 'is not an allowed name' }]);
  expect(refusal(`{"\\u005f${name.slice(1)}":1,"${name}":1}`).status).toBe(400);
});

test.each([
  ['1e309', '{"limits":{"daily":1e309}}', 'limits.daily'],
  ['U+0000', String.raw`{"reason":"a\u0000b"}`, 'reason'],
  ['half a surrogate pair', String.raw`{"reason":["\ud83d"]}`, 'reason[0]'],
  ['half a pair as a name', String.raw`{"m":{"\udc00":1}}`, String.raw`m["\udc00"]`],
])('%s is refused by the name of its field', (_what, text, path) => {
  expect(refusal(text).errors[0]?.path).toBe(path);
});

test('an emoji written as an escaped pair is accepted', () => {
  expect(parseJsonBody(String.raw`{"reason":"\ud83d\ude00"}`).value).toEqual({ reason: '😀' });
});

test('a name that occurs twice in one object is refused, in two objects it is not', () => {
  expect(refusal('{"amount":1,"amount":900}').message).toContain('same name twice');
  expect(refusal('{"x":[{"a":1,"\\u0061":2}]}').message).toContain('same name twice');
  expect(() => parseJsonBody('{"a":{"a":1},"b":[{"a":1},{"a":1}]}')).not.toThrow();
});

test('the answer to broken JSON tells the place and repeats nothing of the body', () => {
  const error = refusal('{"password": "hunter2" oops}');
  expect(error.code).toBe('malformed_json');
  expect(error.message).toMatch(/at position 23/);
  expect(error.message).not.toContain('hunter2');
});
