import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHint, encodeHint } from '../src/postgres-log/hint.ts';

test('says the same to whoever reads it, in payloads that PostgreSQL takes', () => {
  const head = fc.record({
    topic: fc.stringMatching(/^[a-zA-Z0-9._-]{1,60}$/),
    partition: fc.nat(11),
    head: fc.maxSafeNat(),
  });
  const hint = fc.record({
    from: fc.uuid(),
    heads: fc.array(head, { maxLength: 400 }),
    groups: fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(hint, (said) => {
      const payloads = encodeHint(said);
      for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
      const heard = payloads.map(decodeHint);
      expect(heard.every(({ from }) => from === said.from)).toBe(true);
      expect(heard.flatMap(({ heads }) => heads)).toEqual(said.heads);
      expect(heard.flatMap(({ groups }) => groups)).toEqual(said.groups);
    }),
  );
});
