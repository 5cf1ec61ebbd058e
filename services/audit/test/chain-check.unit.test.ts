import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../src/domain/chain-check.ts';
import { createDisclosure } from '@aegis/verify/format/disclosure';
import { leafHash } from '@aegis/verify/format/hashing';
import type { StoredEntry } from '../src/domain/stored-entry.ts';
import { chainOf, firstFault, prepare, store } from './chain.ts';
import { decided, delivered, freshSalt, responded, submitted } from './events.ts';

const organizationId = randomUUID();
const SIZE = 12;
const { entries, end } = chainOf(
  Array.from({ length: SIZE / 3 }, () =>
    [submitted, decided, responded].map((make) => delivered(make({ organizationId }))),
  ).flat(),
);

const place = fc.nat(SIZE - 1);
const faultOf = (tampered: readonly StoredEntry[]): Fault | null => firstFault(organizationId, tampered, end);
const at = (seq: number): StoredEntry => {
  const entry = entries[seq];
  if (!entry) throw new RangeError(`no entry ${seq}`);
  return entry;
};
const withEntry = (seq: number, change: Partial<StoredEntry>) =>
  entries.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry));

/** As a writer of the database would, who also corrects the checksum beside the leaf. */
const withLeaf = (seq: number, leaf: string) => withEntry(seq, { leaf, leafHash: leafHash(leaf) });

describe('a chain that nobody touched', () => {
  it('has no fault', () => {
    expect(faultOf(entries)).toBeNull();
  });

  it('has none after disclosures were erased', () => {
    const erased = entries.map((entry) => ({ ...entry, disclosures: {} }));
    expect(faultOf(erased)).toBeNull();
  });
});

describe('a change to a chain is found where it was made', () => {
  it('when any one byte of a leaf differs', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.integer({ min: 1, max: 127 }), (seq, offset, flip) => {
        const bytes = Buffer.from(at(seq).leaf);
        const index = offset % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ flip;
        expect(faultOf(withEntry(seq, { leaf: bytes.toString('latin1') }))).toEqual({ seq, kind: 'checksum' });
      }),
    );
  });

  it('when the checksum beside a leaf differs', () => {
    fc.assert(
      fc.property(place, (seq) => {
        expect(faultOf(withEntry(seq, { leafHash: 'ab'.repeat(32) }))).toEqual({ seq, kind: 'checksum' });
      }),
    );
  });

  it('when a leaf and its checksum were both rewritten: the next entry names the old one', () => {
    fc.assert(
      fc.property(place, (seq) => {
        const leaf = at(seq).leaf.replace('"occurred_at":"2026-03-05', '"occurred_at":"2026-03-04');
        const last = seq === SIZE - 1;
        expect(faultOf(withLeaf(seq, leaf))).toEqual(last ? { seq, kind: 'head' } : { seq: seq + 1, kind: 'link' });
      }),
    );
  });

  it('when a leaf was put in other words that mean the same', () => {
    const respell = [
      (leaf: string) => leaf.replace('{"actor"', '{ "actor"'),
      (leaf: string) => leaf.replace('"v":"aegis.audit/1"}', '"v":"aegis.audit/1","v":"aegis.audit/1"}'),
      (leaf: string) => leaf.replace('"v":"aegis', String.raw`"v":"\u0061egis`),
      (leaf: string) => leaf.replace(/"seq":\d+/, '$&.0'),
    ];
    fc.assert(
      fc.property(place, fc.constantFrom(...respell), (seq, change) => {
        expect(faultOf(withLeaf(seq, change(at(seq).leaf)))).toEqual({ seq, kind: 'format' });
      }),
    );
  });

  it('when an entry is gone', () => {
    fc.assert(
      fc.property(place, (seq) => {
        expect(faultOf(entries.filter((entry) => entry.seq !== seq))).toEqual({ seq, kind: 'missing' });
      }),
    );
  });

  it('when an entry is gone and the places behind it were closed up', () => {
    fc.assert(
      fc.property(fc.nat(SIZE - 2), (seq) => {
        const closed = entries.filter((entry) => entry.seq !== seq).map((entry, index) => ({ ...entry, seq: index }));
        expect(faultOf(closed)).toEqual({ seq, kind: 'position' });
      }),
    );
  });

  it('when the end was cut off but the head kept', () => {
    fc.assert(
      fc.property(place, (size) => {
        expect(faultOf(entries.slice(0, size))).toEqual({ seq: size, kind: 'missing' });
      }),
    );
  });

  it('when two entries changed places', () => {
    fc.assert(
      fc.property(fc.uniqueArray(place, { minLength: 2, maxLength: 2 }), ([one = 0, other = 0]) => {
        const swapped = entries.map((entry) =>
          entry.seq === one ? { ...at(other), seq: one } : entry.seq === other ? { ...at(one), seq: other } : entry,
        );
        expect(faultOf(swapped)).toEqual({ seq: Math.min(one, other), kind: 'position' });
      }),
    );
  });

  it('when an entry that fits was put in between: the one it displaced is out of place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SIZE - 1 }), (seq) => {
        const before = seq === 0 ? '0'.repeat(64) : at(seq - 1).leafHash;
        const forged = store(prepare(delivered(submitted({ organizationId }))), { size: seq, head: before });
        const moved = entries.slice(seq).map((entry) => ({ ...entry, seq: entry.seq + 1 }));
        expect(faultOf([...entries.slice(0, seq), forged, ...moved])).toEqual({ seq: seq + 1, kind: 'position' });
      }),
    );
  });

  it('when an entry of another organisation stands in for it', () => {
    fc.assert(
      fc.property(place, (seq) => {
        const other = randomUUID();
        const foreign = chainOf(entries.map(() => delivered(submitted({ organizationId: other })))).entries[seq];
        expect(faultOf(withEntry(seq, { ...foreign }))).toEqual({ seq, kind: 'position' });
      }),
    );
  });

  it('when time goes back along the chain', () => {
    const seq = 5;
    const position = { size: seq, head: at(seq - 1).leafHash };
    const late = store(prepare(delivered(submitted({ organizationId }))), position);
    const leaf = late.leaf.replace(late.recordedAt, '2026-03-05T09:00:00.000Z');
    const recordedAt = '2026-03-05T09:00:00.000Z';
    expect(faultOf(withEntry(seq, { ...late, leaf, recordedAt, leafHash: leafHash(leaf) }))).toEqual({
      seq,
      kind: 'time',
    });
  });

  it.each(['eventId', 'type', 'actorId', 'subjectId', 'intentId', 'recordedAt', 'organizationId'] as const)(
    'when the column %s would hide an entry from a look-up',
    (column) => {
      fc.assert(
        fc.property(place, (seq) => {
          expect(faultOf(withEntry(seq, { [column]: 'another' }))).toEqual({ seq, kind: 'columns' });
        }),
      );
    },
  );

  it('when a disclosed value was replaced, moved, or added', () => {
    const [path = '', encoded = ''] = Object.entries(at(0).disclosures)[0] ?? [];
    const other = Object.values(at(3).disclosures)[0] ?? '';
    const forged = createDisclosure(freshSalt(), path, 'something else');
    const changes: Record<string, string>[] = [
      { [path]: forged.encoded },
      { [path]: other },
      { '/data/money': encoded },
      { [path]: '' },
      { ...at(0).disclosures, '/data/decision': createDisclosure(freshSalt(), '/data/decision', 'approve').encoded },
    ];
    for (const disclosures of changes) {
      expect(faultOf(withEntry(0, { disclosures }))).toEqual({ seq: 0, kind: 'disclosure' });
    }
  });
});
