import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, NotCanonicalError } from '../src/format/canonical-json.ts';

const text = fc.string({ unit: 'binary' });
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    text,
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(text, fc.constantFrom('10', '9', '__proto__', 'constructor', '')), tie('value')),
  ),
})).value;

describe('canonical JSON', () => {
  it('is byte for byte what an independent implementation of RFC 8785 writes', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
    );
  });

  it('of its own output is the same again', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalize(value));
      }),
    );
  });

  it('reads back as the value that went in', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order in which members were set', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(text, json), { selector: ([name]) => name }), (members) => {
        expect(canonicalJson(Object.fromEntries(members.toReversed()))).toBe(
          canonicalJson(Object.fromEntries(members)),
        );
      }),
    );
  });

  it('sorts by UTF-16 code units, so that a surrogate pair comes before U+FB33', () => {
    // The example of RFC 8785, section 3.2.3.
    const members = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(members)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  it.each([
    ['a fraction', 0.5],
    ['an integer beyond 2^53 - 1', 2 ** 53],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['undefined in an array', [undefined]],
    ['a bigint', 1n],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson({ member: value })).toThrow(NotCanonicalError);
  });

  it('refuses nesting that would exhaust the stack', () => {
    const nested: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    expect(() => canonicalJson(nested)).toThrow(NotCanonicalError);
  });

  it('writes minus zero as zero', () => {
    expect(canonicalJson([-0])).toBe('[0]');
  });
});
