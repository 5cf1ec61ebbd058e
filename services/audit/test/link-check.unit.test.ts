import { randomUUID } from 'node:crypto';
import { leafHash } from '@aegis/verify/format/hashing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkCheck } from '../src/domain/link-check.ts';
import type { LeafRow } from '../src/domain/stored-entry.ts';
import { chainOf } from './chain.ts';
import { decided, delivered, responded, submitted } from './events.ts';

const organizationId = randomUUID();
const SIZE = 12;
const { entries, end } = chainOf(
  Array.from({ length: SIZE / 3 }, () =>
    [submitted, decided, responded].map((make) => delivered(make({ organizationId }))),
  ).flat(),
);

function faultOf(rows: readonly LeafRow[]) {
  const check = new LinkCheck();
  for (const row of rows) {
    const fault = check.next(row);
    if (fault) return fault;
  }
  return check.end(end);
}

describe('following the links', () => {
  it('of a chain that nobody touched finds no fault', () => {
    expect(faultOf(entries)).toBeNull();
  });

  it('finds any changed leaf, with its checksum corrected or not', () => {
    fc.assert(
      fc.property(fc.nat(SIZE - 1), fc.nat(), fc.boolean(), (seq, offset, corrects) => {
        const leaf = entries[seq]?.leaf ?? '';
        const at = offset % leaf.length;
        const changed = `${leaf.slice(0, at)}${leaf[at] === 'x' ? 'y' : 'x'}${leaf.slice(at + 1)}`;
        const rows = entries.map((row) =>
          row.seq === seq ? { ...row, leaf: changed, ...(corrects && { leafHash: leafHash(changed) }) } : row,
        );
        const fault = faultOf(rows);
        expect(fault?.seq).toBe(
          corrects ? Math.min(fault?.kind === 'link' && fault.seq === seq ? seq : seq + 1, SIZE - 1) : seq,
        );
      }),
    );
  });

  it.each([
    ['one left out', entries.toSpliced(5, 1), { seq: 5, kind: 'missing' }],
    ['two exchanged', entries.with(5, entries[6] ?? entries[0]!).with(6, entries[5]!), { seq: 5, kind: 'missing' }],
    ['the tail cut off', entries.slice(0, 8), { seq: 8, kind: 'missing' }],
    ['another end', entries.slice(0, 11), { seq: 11, kind: 'missing' }],
  ])('finds %s', (_, rows, fault) => {
    expect(faultOf(rows)).toEqual(fault);
  });

  it('is not misled by a text that looks like a link', () => {
    const reason = '"prev":"0000000000000000000000000000000000000000000000000000000000000000"';
    const chain = chainOf([
      delivered(submitted({ organizationId, reason, merchant: reason })),
      delivered(decided({ organizationId })),
    ]);
    const check = new LinkCheck();
    expect(chain.entries.map((row) => check.next(row))).toEqual([null, null]);
    expect(check.end(chain.end)).toBeNull();
  });
});
