import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/format/canonical-json.ts';
import { GENESIS_HASH, parseLeaf } from '../src/format/leaf.ts';
import { type LeafOutline, OUTLINED } from '../src/format/leaf-outline.ts';
import { LeafReader } from '../src/format/leaf-reader.ts';

const LEAF = {
  v: 'aegis.audit/1',
  org: 'acme',
  seq: 7,
  id: 'evt_1',
  type: 'intent.decided',
  occurred_at: '2026-03-05T10:00:00.000Z',
  recorded_at: '2026-03-05T10:00:01.000Z',
  actor: { type: 'agent', id: 'agt_1', auth_method: 'api_key' },
  subject: { type: 'intent', id: 'int_1' },
  data: { intentId: 'int_1', amount: { minor: '500000', exponent: 2 }, final: true, note: null, reasons: ['a', 'b'] },
  sd: { '/data/reason': 'abc' },
  prev: GENESIS_HASH,
};

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '"', '\\', '\u0000', '\u001f', '\u007f', '😀', 'é'),
);
/**
 * None begins with a backslash: where an object with such a name was parsed before, the JSON.parse of Node 24 takes another
 * name that is written with an escape for it.
 */
const names = fc
  .oneof(text, fc.constantFrom('__proto__', '10', '9', 'currency', 'id', 'score', ...Object.keys(OUTLINED)))
  .filter((name) => !name.startsWith('\\'));
const scalar = fc.oneof(text, fc.maxSafeInteger(), fc.constantFrom(null, true, false, 0, 9_007_199_254_740_991));
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value')), fc.dictionary(names, tie('value'))),
})).value;
/** Any leaf, of any content. */
const anyLeaf = fc
  .record(
    {
      seq: fc.maxSafeInteger(),
      type: text,
      actor: fc.record({ type: text, id: text, auth_method: text, role: json }),
      data: fc.dictionary(names, json, { maxKeys: 5 }),
      sd: fc.dictionary(names, text, { maxKeys: 3 }),
      causation_id: text,
      occurred_at: fc.constantFrom('2024-02-29T23:59:59.999Z', '2026-01-31T00:00:00.000Z', '2026-06-30T12:00:00.000Z'),
    },
    { requiredKeys: [] },
  )
  .map((members) => ({ ...LEAF, ...members }));

/** What the reader must find: all there is to know is in the parsed text. */
function expected(read: string) {
  const leaf = parseLeaf(read);
  return leaf !== null && canonicalOf(leaf) === read ? told(leaf) : null;
}

/** What an outline tells: of the data, what counts wherever a scalar is looked for. */
function told(outline: LeafOutline | null) {
  if (outline === null) return null;
  const { v, org, seq, id, type, occurred_at, recorded_at, actor, subject, sd = {}, prev } = outline;
  const data = Object.entries(OUTLINED).map(([name, inner]) => {
    const value = outline.data[name as keyof typeof OUTLINED];
    return [name, inner === null ? scalarOf(value) : inner.map((own) => scalarOf(Object(value)[own]))];
  });
  return { v, org, seq, id, type, occurred_at, recorded_at, actor, subject, sd, prev, data };
}

function scalarOf(value: unknown): unknown {
  return typeof value === 'object' || value === undefined ? null : value;
}

function canonicalOf(value: unknown): string | null {
  try {
    return canonicalJson(value);
  } catch {
    return null;
  }
}

/** One of each two scalars. */
function choose(pairs: object, which: number): unknown {
  return Object.fromEntries(
    Object.entries(pairs).map(([name, value]) => [name, Array.isArray(value) ? value[which] : choose(value, which)]),
  );
}

describe('reading leaves by their shape', () => {
  it('finds in a leaf what parsing finds, be it the first of its kind or the next', () => {
    fc.assert(
      fc.property(anyLeaf, (leaf) => {
        const reader = new LeafReader();
        const read = canonicalJson(leaf);
        const leafTold = expected(read);
        expect(leafTold).not.toBeNull();
        expect([told(reader.read(read)), told(reader.read(read))]).toEqual([leafTold, leafTold]);
      }),
    );
  });

  it('finds in another leaf of a kind what stands in that one', () => {
    const members = fc.dictionary(
      names,
      fc.oneof(fc.tuple(scalar, scalar), fc.dictionary(names, fc.tuple(scalar, scalar))),
    );
    fc.assert(
      fc.property(anyLeaf, members, (leaf, pairs) => {
        const [first, second] = [0, 1].map((which) => canonicalJson({ ...leaf, data: choose(pairs, which) }));
        const reader = new LeafReader();
        reader.read(first ?? '');
        expect(told(reader.read(second ?? ''))).toEqual(expected(second ?? ''));
      }),
      { numRuns: 500 },
    );
  });

  it('takes no text for a leaf that parsing and serialising would not, whatever was changed in one', () => {
    const junk = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom('"', '\\', ' ', '\n', ',', '0', '-', '1e3', '.5', '\u0001', '\ud800', '\\u0041', ':null'),
    );
    fc.assert(
      fc.property(anyLeaf, fc.nat(), fc.nat(8), junk, (leaf, at, cut, put) => {
        const reader = new LeafReader();
        const read = canonicalJson(leaf);
        reader.read(read);
        const begin = at % read.length;
        const changed = read.slice(0, begin) + put + read.slice(begin + cut);
        expect(told(reader.read(changed))).toEqual(expected(changed));
      }),
      { numRuns: 500 },
    );
  });

  it('reads leaves that would need a pattern beyond all bounds', () => {
    const many = Array.from({ length: 5_000 }, () => []);
    const read = canonicalJson({ ...LEAF, data: { many } });
    const reader = new LeafReader();
    expect([told(reader.read(read)), told(reader.read(read))]).toEqual([expected(read), expected(read)]);
  });
});
