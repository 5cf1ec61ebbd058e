import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, digestOf } from '@aegis/contracts/canonical-json';
import type { Policy } from '../src/domain/policy.ts';
import { policySetDigest } from '../src/domain/policy-set.ts';
import { ORGANIZATION_ID, policy, RUPEES } from './samples.ts';

/** RFC 8785, section 3.2.2 and 3.2.3. */
test('canonical JSON sorts keys by code units and writes numbers as ECMAScript does', () => {
  const numbers = { numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001] };
  expect(canonicalJson(numbers)).toBe('{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}');
  const keys = { '\u20ac': 1, '\r': 2, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7, '\ufb33': 3 };
  expect(canonicalJson(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}');
  expect(canonicalJson({ a: undefined, b: null, c: [true, 'x'] })).toBe('{"b":null,"c":[true,"x"]}');
  for (const value of [undefined, Number.NaN, () => 1]) expect(() => canonicalJson(value)).toThrow(TypeError);
});

test('the order in which keys were written does not matter, their values do', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).toReversed());
      expect(digestOf(reversed)).toBe(digestOf(object));
      expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
    }),
  );
});

const digest = (policies: readonly Policy[], version = 2, settings = RUPEES) =>
  policySetDigest(ORGANIZATION_ID, version, settings, policies);

test('the digest of a set covers each policy whole, the settings and the number, in any order of loading', () => {
  const [one, other] = [policy({ name: 'One' }), policy({ name: 'Other', priority: 3 })];
  const before = digest([one, other]);
  expect(digest([other, one])).toBe(before);
  const changes: Partial<Policy>[] = [
    { name: 'Changed' },
    { description: 'Changed' },
    { priority: 11 },
    { action: 'allow' },
    { isActive: false },
    { version: 2 },
    { rules: { match: 'any', conditions: [{ field: 'amount', operator: 'gt', value: 1 }] } },
    { approval: { assignees: [{ role: 'owner' }], quorum: 1, expiresInMinutes: 5 } },
  ];
  const digests = changes.map((change) => digest([{ ...one, ...change }, other]));
  const others = [digest([one]), digest([one, other], 3), digest([one, other], 2, { ...RUPEES, timeZone: 'UTC' })];
  expect(new Set([before, ...digests, ...others]).size).toBe(1 + changes.length + 3);
});
