import { hash } from 'node:crypto';
import { CompactRange } from '@aegis/verify/format/compact-range';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begunTiles, type FullTile, openTree, TreeGrowth, type TreeHead } from '../src/domain/tree-growth.ts';

const leaf = (index: number) => hash('sha256', `leaf ${index}`, 'buffer');

/** What the database would hold: leaf hashes, whole tiles, and the head. */
class Store {
  head: TreeHead = { treeSize: 0, tree: Buffer.alloc(0) };
  readonly tiles = new Map<string, FullTile>();

  grow(count: number, readied = count): void {
    const from = this.head.treeSize;
    const begun = begunTiles(from, from + readied).map(({ level, index, width }) => {
      const at = (place: number) =>
        level === 0 ? leaf(place) : (this.tiles.get(`${level - 1}/${place}`)?.root ?? Buffer.alloc(0));
      return [level, Array.from({ length: width }, (_, offset) => at(index * 256 + offset))] as const;
    });
    const growth = new TreeGrowth(this.head, new Map(begun));
    for (let index = from; index < from + count; index += 1) growth.append(leaf(index));
    for (const tile of growth.takeFull()) {
      expect(this.tiles.has(`${tile.level}/${tile.index}`)).toBe(false);
      this.tiles.set(`${tile.level}/${tile.index}`, tile);
    }
    this.head = growth.head;
  }
}

describe('a tree that grows batch by batch', () => {
  it('has the root and the tiles of one grown at once, however the batches fall', () => {
    const batches = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(batches, fc.nat(300), (sizes, spare) => {
        const stepwise = new Store();
        // A batch may turn out smaller than it was readied for, where events were there already.
        for (const size of sizes) stepwise.grow(size, size + spare);
        const whole = new CompactRange();
        for (let index = 0; index < stepwise.head.treeSize; index += 1) whole.append(leaf(index));
        expect(openTree(stepwise.head).root()).toEqual(whole.root());
        expect(stepwise.tiles.size).toBe(Math.floor(stepwise.head.treeSize / 256));
        for (const tile of stepwise.tiles.values()) {
          const leaves = Array.from({ length: 256 }, (_, offset) => leaf(tile.index * 256 + offset));
          expect(tile.hashes).toEqual(Buffer.concat(leaves));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('completes tiles of the levels above', () => {
    const stepwise = new Store();
    for (const size of [65_000, 535, 1, 300]) stepwise.grow(size);
    const above = stepwise.tiles.get('1/0');
    const roots = Array.from({ length: 256 }, (_, index) => stepwise.tiles.get(`0/${index}`)?.root ?? Buffer.alloc(0));
    expect(above?.hashes).toEqual(Buffer.concat(roots));
    expect(stepwise.tiles.size).toBe(258);
  });

  it('refuses to write a tile of which it knows a part only', () => {
    const head = new Store();
    head.grow(255);
    const growth = new TreeGrowth(head.head);
    expect(() => growth.append(leaf(255))).toThrow('1 hashes are known');
  });
});
