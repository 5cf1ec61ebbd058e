import { HASH_BYTES } from '@aegis/verify/format/merkle';
import { TILE_WIDTH } from '@aegis/verify/format/tiles';
import type { Fault } from './chain-check.ts';
import { type FullTile, TreeGrowth, type TreeHead } from './tree-growth.ts';

/** Builds the tree again from the leaves of a chain, and compares what the database holds of it. */
export class TreeCheck {
  readonly #growth = new TreeGrowth({ treeSize: 0, tree: Buffer.alloc(0) });
  readonly #tiles = new Map<number, number>();

  append(leafHash: string): void {
    this.#growth.append(Buffer.from(leafHash, 'hex'));
  }

  root(): Buffer {
    return this.#growth.root();
  }

  /** The tiles that became whole since the last call, as the database must hold them. */
  takeFull(): FullTile[] {
    const full = this.#growth.takeFull();
    for (const { level } of full) this.#tiles.set(level, (this.#tiles.get(level) ?? 0) + 1);
    return full;
  }

  /** Compares the head of the tree and the number of whole tiles by level with those of the leaves. */
  end(head: TreeHead, tiles: ReadonlyMap<number, number>): Fault | null {
    const { treeSize, tree } = this.#growth.head;
    const sameTiles =
      tiles.size === this.#tiles.size && [...tiles].every(([level, count]) => this.#tiles.get(level) === count);
    if (head.treeSize === treeSize && head.tree.equals(tree) && sameTiles) return null;
    return { seq: Math.max(treeSize - 1, 0), kind: 'tree' };
  }
}

/** The first of the tiles that the database does not hold as it must; the fault names the first leaf below the place. */
export function tileFault(expected: readonly FullTile[], stored: readonly FullTile[]): Fault | null {
  const found = new Map(stored.map((tile) => [`${tile.level}/${tile.index}`, tile]));
  for (const tile of expected) {
    const other = found.get(`${tile.level}/${tile.index}`);
    if (other?.hashes.equals(tile.hashes) && other.root.equals(tile.root)) continue;
    const place = tile.index * TILE_WIDTH + firstDifference(tile.hashes, other?.hashes);
    return { seq: place * TILE_WIDTH ** tile.level, kind: 'tile' };
  }
  return null;
}

/** 0 where the hashes are the same, and so the root is not. */
function firstDifference(expected: Buffer, found: Buffer = Buffer.alloc(0)): number {
  for (let at = 0; at < expected.length; at += HASH_BYTES) {
    if (!expected.subarray(at, at + HASH_BYTES).equals(found.subarray(at, at + HASH_BYTES))) return at / HASH_BYTES;
  }
  return 0;
}
