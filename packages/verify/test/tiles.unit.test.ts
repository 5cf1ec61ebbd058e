import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../src/format/format-error.ts';
import { encodeProof, parseProof } from '../src/format/proof-text.ts';
import {
  decodeEntries,
  encodeEntries,
  parseTilePath,
  placeOf,
  splitHashes,
  subtreeRoot,
  tilePath,
  tileWidth,
} from '../src/format/tiles.ts';
import { leaves, treeHash } from './reference-tree.ts';

describe('the path of a tile', () => {
  it.each([
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/1/x001/x234/067', { level: 1, index: 1_234_067, width: 256 }],
    ['tile/0/x001/000.p/112', { level: 0, index: 1_000, width: 112 }],
    ['tile/63/999.p/1', { level: 63, index: 999, width: 1 }],
    ['tile/entries/x123/456.p/255', { index: 123_456, width: 255 }],
  ])('%s', (path, tile) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it('is read back, whichever the tile', () => {
    const tiles = fc.record({
      level: fc.nat(63),
      index: fc.nat(Number.MAX_SAFE_INTEGER),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tiles, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  it.each([
    'tile/00/000',
    'tile/64/000',
    'tile/0/0',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000/',
    '/tile/0/000',
    'tile/data/000',
    'tile/0/../000',
  ])('%s is refused', (path) => {
    expect(() => parseTilePath(path)).toThrow(FormatError);
  });
});

describe('a tile', () => {
  it('is as wide as the tree makes it: the example of the specification', () => {
    const widths = (level: number, indices: readonly number[]) =>
      indices.map((index) => tileWidth({ level, index }, 70_000));
    expect(widths(0, [0, 272, 273, 274])).toEqual([256, 256, 112, 0]);
    expect(widths(1, [0, 1, 2])).toEqual([256, 17, 0]);
    expect(widths(2, [0, 1])).toEqual([1, 0]);
    expect(tileWidth({ level: 1, index: 0 }, 256)).toBe(1);
  });

  it('holds the roots of the perfect subtrees within it', () => {
    const hashes = leaves(0, 512);
    for (const subtree of [
      { level: 0, index: 300 },
      { level: 3, index: 40 },
      { level: 7, index: 3 },
    ]) {
      const { index, from, to } = placeOf(subtree);
      const tile = Buffer.concat(hashes.slice(index * 256, (index + 1) * 256));
      const width = 2 ** subtree.level;
      expect(subtreeRoot(tile.subarray(from * 32, to * 32))).toEqual(
        treeHash(hashes.slice(subtree.index * width, (subtree.index + 1) * width)),
      );
    }
    expect(placeOf({ level: 8, index: 300 })).toEqual({ level: 1, index: 1, from: 44, to: 45 });
    expect(() => splitHashes(Buffer.alloc(33))).toThrow(FormatError);
  });
});

describe('a bundle of entries', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 10 }), (entries) => {
        expect(decodeEntries(encodeEntries(entries)).map((entry) => new Uint8Array(entry))).toEqual(entries);
      }),
    );
    const longest = Buffer.alloc(65_535, 'x');
    expect(decodeEntries(encodeEntries([longest]))).toEqual([longest]);
    expect(() => encodeEntries([Buffer.alloc(65_536)])).toThrow(FormatError);
  });

  it('is refused when it is cut off', () => {
    expect(() => decodeEntries(Buffer.of(0))).toThrow(FormatError);
    expect(() => decodeEntries(Buffer.of(0, 2, 1))).toThrow(FormatError);
  });
});

describe('the text of a proof', () => {
  const checkpoint = 'log\n9\nroot\n\n— log AAAAAAAA\n';

  it('is read back, with and without extra data', () => {
    for (const extra of [undefined, Buffer.from('more')]) {
      for (const count of [0, 5]) {
        const proof = { index: 7, hashes: leaves(0, count), checkpoint, ...(extra && { extra }) };
        expect(parseProof(encodeProof(proof))).toEqual(proof);
      }
    }
    expect(encodeProof({ index: 0, hashes: [], checkpoint })).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpoint}`);
  });

  it.each([
    'c2sp.org/tlog-proof@v2\nindex 0\n\nx',
    'c2sp.org/tlog-proof@v1\n\nx',
    'c2sp.org/tlog-proof@v1\nindex 01\n\nx',
    'c2sp.org/tlog-proof@v1\nextra !\nindex 1\n\nx',
    'c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx',
    'c2sp.org/tlog-proof@v1\nindex 1',
  ])('%j is refused', (text) => {
    expect(() => parseProof(text)).toThrow(FormatError);
  });
});
