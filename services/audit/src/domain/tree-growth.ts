import { CompactRange } from '@aegis/verify/format/compact-range';
import type { Subtree } from '@aegis/verify/format/merkle';
import { splitHashes, TILE_HEIGHT, TILE_WIDTH, type Tile, tileWidth } from '@aegis/verify/format/tiles';

/** A tree up to `size` leaves, as it is stored: the hashes of `subtreesOf({ begin: 0, end: size })`, one after another. */
export interface TreeHead {
  readonly treeSize: number;
  readonly tree: Buffer;
}

/** A whole tile, with its root. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly root: Buffer;
  readonly hashes: Buffer;
}

/** @throws FormatError when the bytes are not the subtrees of that many leaves */
export function openTree({ treeSize, tree }: TreeHead): CompactRange {
  return new CompactRange({ begin: 0, end: treeSize }, splitHashes(tree));
}

/**
 * The tiles that growing a tree from one size to another completes, but which it began earlier: what stands in them
 * already must be known to write them. Usually none, and never more than one a level.
 */
export function begunTiles(from: number, to: number): Tile[] {
  const begun: Tile[] = [];
  for (
    let level = 0;
    Math.floor(to / TILE_WIDTH ** (level + 1)) > Math.floor(from / TILE_WIDTH ** (level + 1));
    level += 1
  ) {
    const index = Math.floor(from / TILE_WIDTH ** (level + 1));
    const width = tileWidth({ level, index }, from);
    if (width > 0) begun.push({ level, index, width });
  }
  return begun;
}

/** Appends leaf hashes to a tree and collects the tiles that become whole. */
export class TreeGrowth {
  readonly #range: CompactRange;
  /** The hashes so far of the last tile of each level; those of a tile that is not completed may be missing. */
  readonly #open: Buffer[][] = [];
  readonly #full: FullTile[] = [];

  /** @param begun the hashes of `begunTiles`, by level */
  constructor(head: TreeHead, begun: ReadonlyMap<number, readonly Buffer[]> = new Map()) {
    this.#range = openTree(head);
    for (const [level, hashes] of begun) this.#open[level] = [...hashes];
  }

  append(leafHash: Buffer): void {
    this.#range.append(leafHash, this.#onSubtree);
  }

  get head(): TreeHead {
    return { treeSize: this.#range.end, tree: Buffer.concat(this.#range.hashes) };
  }

  root(): Buffer {
    return this.#range.root();
  }

  /** The tiles completed since the last call. */
  takeFull(): FullTile[] {
    return this.#full.splice(0);
  }

  readonly #onSubtree = ({ level, index }: Subtree, hash: Buffer): void => {
    if (level % TILE_HEIGHT !== 0) return;
    const tileLevel = level / TILE_HEIGHT;
    if (tileLevel > 0) {
      const hashes = this.#open[tileLevel - 1] ?? [];
      if (hashes.length !== TILE_WIDTH) {
        throw new RangeError(
          `tile ${index} of level ${tileLevel - 1} is complete, but ${hashes.length} hashes are known`,
        );
      }
      this.#full.push({ level: tileLevel - 1, index, root: hash, hashes: Buffer.concat(hashes) });
      this.#open[tileLevel - 1] = [];
    }
    (this.#open[tileLevel] ??= []).push(hash);
  };
}
