import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '../src/format/hashing.ts';
import { MAX_LEAF_BYTES } from '../src/format/leaf.ts';

describe('the hash of a leaf', () => {
  it('is SHA-256 of a zero byte and the UTF-8 bytes, of whatever text and length', () => {
    const long = fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.nat(2 * MAX_LEAF_BYTES));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      long.map(([unit, length]) => unit.repeat(length).slice(0, length)),
    );
    fc.assert(
      fc.property(text, text, (first, second) => {
        for (const leaf of [first, second, first]) {
          const bytes = Buffer.concat([Buffer.from([0]), Buffer.from(leaf)]);
          expect(leafHash(leaf)).toBe(createHash('sha256').update(bytes).digest('hex'));
        }
      }),
    );
  });
});
