import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactRange } from '../src/format/compact-range.ts';
import { FormatError } from '../src/format/format-error.ts';
import { EMPTY_ROOT, type LeafRange, subtreesOf } from '../src/format/merkle.ts';
import { proveConsistency, verifyConsistency } from '../src/format/proof-consistency.ts';
import { proveInclusion, verifyInclusion } from '../src/format/proof-inclusion.ts';
import { proveRange, RangeCheck, type RangeProof } from '../src/format/proof-range.ts';
import { consistency, leaves, leafHashOf, path, readerOf, treeHash } from './reference-tree.ts';

const MAX = 70;
const ALL = leaves(0, MAX);
const ROOTS = Array.from({ length: MAX + 1 }, (_, size) => treeHash(ALL.slice(0, size)));
const rootAt = (size: number) => ROOTS[size] ?? EMPTY_ROOT;
const READ = readerOf(ALL);
const treeOf = (size: number) => ALL.slice(0, size);

function rangeRoot(range: LeafRange, size: number, proof: RangeProof, hashes: readonly Buffer[]): Buffer {
  const check = new RangeCheck(range, size, proof);
  for (const hash of hashes) check.next(hash);
  return check.root();
}

/** Subtrees of a tree so large that only its shape is looked at: a hash of level and index stands for the subtree. */
const LARGE = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

describe('a tree up to 70 leaves, against RFC 6962 word for word', () => {
  it('grows to the right root, leaf by leaf', () => {
    const range = new CompactRange();
    expect(range.root()).toEqual(EMPTY_ROOT);
    for (const [index, hash] of ALL.entries()) {
      range.append(hash);
      expect(range.root()).toEqual(rootAt(index + 1));
      expect(range.hashes).toHaveLength((index + 1).toString(2).replaceAll('0', '').length);
    }
  });

  it('tells of each perfect subtree once, when it is complete', () => {
    const seen = new Map<string, Buffer>();
    const range = new CompactRange();
    for (const hash of ALL) {
      range.append(hash, ({ level, index }, root) => {
        expect(seen.has(`${level}/${index}`)).toBe(false);
        seen.set(`${level}/${index}`, root);
        expect((index + 1) * 2 ** level).toBe(range.end);
      });
    }
    expect(seen.size).toBe([0, 1, 2, 3, 4, 5, 6].reduce((sum, level) => sum + Math.floor(MAX / 2 ** level), 0));
    for (const [key, root] of seen) {
      const [level = 0, index = 0] = key.split('/').map(Number);
      expect(root).toEqual(treeHash(ALL.slice(index * 2 ** level, (index + 1) * 2 ** level)));
    }
  });

  it('proves every leaf in every tree, and no other leaf, place or tree', async () => {
    for (let size = 1; size <= MAX; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await proveInclusion(index, size, READ);
        expect(proof).toEqual(path(index, treeOf(size)));
        const shown = { index, size, leafHash: leafHashOf(index), root: rootAt(size) };
        expect(verifyInclusion(shown, proof)).toBe(true);
        expect(verifyInclusion({ ...shown, leafHash: leafHashOf(index + 1) }, proof)).toBe(false);
        expect(verifyInclusion({ ...shown, index: (index + 1) % size }, proof)).toBe(size === 1);
        expect(verifyInclusion({ ...shown, root: rootAt(size - 1) }, proof)).toBe(false);
        expect(verifyInclusion(shown, [...proof, EMPTY_ROOT])).toBe(false);
        expect(verifyInclusion(shown, proof.slice(1))).toBe(size === 1);
      }
    }
  });

  it('proves every tree to begin with every smaller one, and with no other', async () => {
    for (let to = 0; to <= MAX; to += 1) {
      for (let from = 0; from <= to; from += 1) {
        const proof = await proveConsistency(from, to, READ);
        expect(proof).toEqual(consistency(from, treeOf(to)));
        const shown = { from, to, fromRoot: rootAt(from), toRoot: rootAt(to) };
        expect(verifyConsistency(shown, proof)).toBe(true);
        expect(verifyConsistency({ ...shown, fromRoot: leafHashOf(-1) }, proof)).toBe(false);
        expect(verifyConsistency({ ...shown, toRoot: leafHashOf(-1) }, proof)).toBe(from === 0);
        expect(verifyConsistency(shown, [...proof, EMPTY_ROOT])).toBe(false);
      }
    }
  });

  it('proves every range of every tree to be whole and in its place', async () => {
    let ranges = 0;
    for (let size = 0; size <= MAX; size += 1) {
      for (let begin = 0; begin <= size; begin += 1) {
        for (let end = begin; end <= size; end += 1) {
          const proof = await proveRange({ begin, end }, size, READ);
          const found = rangeRoot({ begin, end }, size, proof, ALL.slice(begin, end));
          if (!found.equals(rootAt(size))) expect.fail(`[${begin}, ${end}) of ${size}`);
          if (begin < end) ranges += 1;
        }
      }
    }
    expect(ranges).toBe(59_640);
  });
});

describe('a range proof', () => {
  it('finds a leaf changed, exchanged, left out or put in', async () => {
    const sizes = fc.tuple(fc.nat(MAX), fc.nat(MAX), fc.nat(MAX)).map((three) => three.toSorted((a, b) => a - b));
    const property = fc.asyncProperty(sizes, fc.nat(), async ([begin = 0, end = 0, size = 0], pick) => {
      fc.pre(begin < end);
      const proof = await proveRange({ begin, end }, size, READ);
      const hashes = ALL.slice(begin, end);
      const at = pick % hashes.length;
      expect(rangeRoot({ begin, end }, size, proof, hashes.with(at, leafHashOf(-1)))).not.toEqual(rootAt(size));
      expect(() => rangeRoot({ begin, end }, size, proof, hashes.toSpliced(at, 1))).toThrow(FormatError);
      expect(() => rangeRoot({ begin, end }, size, proof, hashes.toSpliced(at, 0, leafHashOf(-1)))).toThrow(
        FormatError,
      );
      if (hashes.length > 1)
        expect(rangeRoot({ begin, end }, size, proof, hashes.toReversed())).not.toEqual(rootAt(size));
    });
    await fc.assert(property);
  });

  it('has as many hashes as its place asks for', () => {
    expect(() => new RangeCheck({ begin: 3, end: 5 }, 9, { left: [], right: [] })).toThrow(FormatError);
    expect(() => new RangeCheck({ begin: 5, end: 3 }, 9, { left: [], right: [] })).toThrow(RangeError);
  });
});

describe('a compact range', () => {
  it('of any leaves merges with the one that follows it into that of both', () => {
    const bounds = fc.tuple(fc.nat(MAX), fc.nat(MAX), fc.nat(MAX)).map((three) => three.toSorted((a, b) => a - b));
    const property = fc.property(bounds, ([begin = 0, middle = 0, end = 0]) => {
      const grown = (from: number, to: number) => {
        const range = new CompactRange({ begin: from, end: from });
        for (const hash of leaves(from, to)) range.append(hash);
        return range;
      };
      const left = grown(begin, middle);
      left.merge(grown(middle, end));
      expect(left.hashes).toEqual(grown(begin, end).hashes);
      expect(left.end).toBe(end);
      const tree = grown(0, begin);
      tree.merge(left);
      expect(tree.root()).toEqual(rootAt(end));
    });
    fc.assert(property);
  });

  it('is read back from its hashes, also where the numbers pass 32 bits', () => {
    const property = fc.property(LARGE, fc.nat(300), (size, more) => {
      fc.pre(size + more <= Number.MAX_SAFE_INTEGER);
      const hashes = subtreesOf({ begin: 0, end: size }).map((_, index) => leafHashOf(index));
      const range = new CompactRange({ begin: 0, end: size }, hashes);
      for (let leaf = 0; leaf < more; leaf += 1) range.append(leafHashOf(leaf));
      expect(range.hashes).toHaveLength(subtreesOf({ begin: 0, end: size + more }).length);
      expect(range.end).toBe(size + more);
    });
    fc.assert(property);
  });
});

describe('proofs in trees of up to 2^53 leaves', () => {
  /** As large trees cannot be built, each subtree hashes to what its parents would: all leaves are the same. */
  const same: Buffer[] = [leafHashOf(0)];
  const readSame = async (subtrees: readonly { level: number }[]) => subtrees.map(({ level }) => sameAt(level));
  function sameAt(level: number): Buffer {
    while (same.length <= level) {
      const pair = new CompactRange();
      const below = same.at(-1) ?? EMPTY_ROOT;
      pair.append(below);
      pair.append(below);
      same.push(pair.root());
    }
    return same[level] ?? EMPTY_ROOT;
  }
  const rootOfSame = (size: number) =>
    new CompactRange(
      { begin: 0, end: size },
      subtreesOf({ begin: 0, end: size }).map(({ level }) => sameAt(level)),
    ).root();

  it('verify', async () => {
    const property = fc.asyncProperty(LARGE, LARGE, async (a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const root = rootOfSame(to);
      const inclusion = { index: from - 1, size: to, leafHash: sameAt(0), root };
      expect(verifyInclusion(inclusion, await proveInclusion(from - 1, to, readSame))).toBe(true);
      const shown = { from, to, fromRoot: rootOfSame(from), toRoot: root };
      expect(verifyConsistency(shown, await proveConsistency(from, to, readSame))).toBe(true);
      const { left, right } = await proveRange({ begin: from - 1, end: from }, to, readSame);
      expect(rangeRoot({ begin: from - 1, end: from }, to, { left, right }, [sameAt(0)])).toEqual(root);
    });
    await fc.assert(property);
  });

  it('are refused where there is no such leaf or tree', async () => {
    expect(() => proveInclusion(5, 5, readSame)).toThrow(RangeError);
    expect(() => proveInclusion(-1, 5, readSame)).toThrow(RangeError);
    expect(() => proveConsistency(6, 5, readSame)).toThrow(RangeError);
    expect(() => proveConsistency(0.5, 5, readSame)).toThrow(RangeError);
  });
});
