import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '@aegis/verify/format/canonical-json';
import { createDisclosure, disclosureDigest, readDisclosure } from '@aegis/verify/format/disclosure';
import { leafFits, prepareLeaf, sealLeaf } from '../src/domain/leaf.ts';
import { GENESIS_HASH, MAX_LEAF_BYTES } from '@aegis/verify/format/leaf';
import { leafHash } from '@aegis/verify/format/hashing';

/** The published test vector of the leaf format: two leaves, the second linked to the first. */
const FIRST = {
  v: 'aegis.audit/1',
  org: 'acme',
  seq: 0,
  type: 'intent.created',
  actor: { type: 'agent', id: 'agt_1' },
  subject: { type: 'intent', id: 'int_9f3a2b' },
  data: { amount_minor: '500000', currency: 'INR', exponent: 2 },
  occurred_at: '2026-03-05T10:00:00.000Z',
  recorded_at: '2026-03-05T10:00:00.000Z',
  prev: GENESIS_HASH,
};
const FIRST_HASH = '305c1072d63f0d10378bfdd766508103b4d912c4cf95358cf0b803173c078839';
const SECOND = {
  ...FIRST,
  seq: 1,
  type: 'approval.responded',
  actor: { type: 'human', id: 'usr_7' },
  data: { decision: 'approve' },
  occurred_at: '2026-03-05T10:00:01.000Z',
  recorded_at: '2026-03-05T10:00:01.000Z',
  prev: FIRST_HASH,
};
const SECOND_HASH = '865dec864a81a88e5df786e9800822de2b751dcdbe539b7fbb92392a4b32c56f';

const text = fc.string({ unit: 'binary' });
const content = fc.record({
  org: fc.uuid(),
  id: text,
  type: text,
  occurredAt: fc.constant('2026-03-05T10:00:00.000Z'),
  actor: fc.record({
    type: fc.constantFrom('human' as const, 'agent' as const, 'service' as const),
    id: text,
    role: fc.option(text),
    authMethod: fc.constantFrom('jwt' as const, 'api_key' as const),
  }),
  subject: fc.record({ type: text, id: text }),
  causationId: fc.option(text),
  data: fc.dictionary(text, text),
  disclosed: fc.dictionary(text, text, { maxKeys: 3 }),
});
const position = fc.record({
  seq: fc.nat(),
  prev: fc.constant('ab'.repeat(32)),
  recordedAt: fc.constant('2026-03-05T10:00:00.000Z'),
});
const SALT = Buffer.alloc(16, 7);

describe('a leaf', () => {
  it.each([
    ['first', FIRST, FIRST_HASH],
    ['second', SECOND, SECOND_HASH],
  ])('of the test vector, the %s, has the published hash', (_, leaf, hash) => {
    expect(leafHash(canonicalJson(leaf))).toBe(hash);
  });

  it('put together from its parts is the canonical JSON of the whole', () => {
    fc.assert(
      fc.property(content, position, ({ disclosed, data, ...rest }, { seq, prev, recordedAt }) => {
        const sd = Object.entries(disclosed).map(([path, value]) => createDisclosure(SALT, path, value));
        const parts = prepareLeaf({ ...rest, data: canonicalJson(data), sd });
        const sealed = sealLeaf(parts, { seq, prev, recordedAt });
        const { type, id, role, authMethod } = rest.actor;
        const whole = canonicalJson({
          v: 'aegis.audit/1',
          org: rest.org,
          seq,
          id: rest.id,
          type: rest.type,
          occurred_at: rest.occurredAt,
          recorded_at: recordedAt,
          actor: { type, id, role: role ?? undefined, auth_method: authMethod },
          subject: rest.subject,
          causation_id: rest.causationId ?? undefined,
          data,
          sd: sd.length > 0 ? Object.fromEntries(sd.map(({ path, digest }) => [path, digest])) : undefined,
          prev,
        });
        expect({ ...sealed, leaf: sealed.leaf.toString() }).toEqual({ leaf: whole, leafHash: leafHash(whole) });
      }),
    );
  });

  it('fits exactly when its bytes in the last possible place are at most 65,535', () => {
    const last = { seq: Number.MAX_SAFE_INTEGER, prev: GENESIS_HASH, recordedAt: '2026-03-05T10:00:00.000Z' };
    const sized = (length: number, filler: string) => {
      const parts = prepareLeaf({
        org: 'acme',
        id: 'e',
        type: 't',
        occurredAt: '2026-03-05T10:00:00.000Z',
        actor: { type: 'human', id: 'u', role: null, authMethod: 'jwt' },
        subject: { type: 's', id: 's' },
        causationId: null,
        data: canonicalJson({ filler: filler.repeat(length) }),
        sd: [],
      });
      return { fits: leafFits(parts), bytes: sealLeaf(parts, last).leaf.length };
    };
    fc.assert(
      fc.property(fc.integer({ min: 64_000, max: 66_000 }), fc.constantFrom('a', 'é', '€', '😀'), (bytes, filler) => {
        const made = sized(Math.floor(bytes / Buffer.byteLength(filler)), filler);
        expect(made.fits).toBe(made.bytes <= MAX_LEAF_BYTES);
      }),
    );
  });
});

describe('a disclosure', () => {
  it('has the digest that RFC 9901 gives for its own example', () => {
    const encoded = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0';
    expect(disclosureDigest(encoded)).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0');
    expect(readDisclosure(encoded)).toEqual({ path: 'family_name', value: 'Möbius' });
  });

  it('gives back path and value', () => {
    fc.assert(
      fc.property(text, fc.jsonValue(), (path, value) => {
        const { encoded, digest } = createDisclosure(SALT, path, value);
        expect(disclosureDigest(encoded)).toBe(digest);
        expect(readDisclosure(encoded)).toEqual(JSON.parse(JSON.stringify({ path, value })));
      }),
    );
  });

  it('of the same value has another digest under another salt', () => {
    const digests = [1, 2, 3].map((byte) => createDisclosure(Buffer.alloc(16, byte), '/data/note', 'no').digest);
    expect(new Set(digests).size).toBe(3);
  });

  it.each([
    '',
    'not base64 of JSON',
    Buffer.from('{}').toString('base64url'),
    Buffer.from('[1,2,3]').toString('base64url'),
  ])('is not read from %j', (encoded) => {
    expect(readDisclosure(encoded)).toBeNull();
  });
});
