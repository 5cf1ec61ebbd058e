import type { Database, Scope } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import { splitHashes } from '@aegis/verify/format/tiles';
import { begunTiles, TreeGrowth } from '../domain/tree-growth.ts';
import { type ChainHead, lockHeads, moveHeads } from '../store/chain-heads.ts';
import { insertTiles, selectLeafHashes, selectPartialTile } from '../store/tiles.ts';

/** Entries a transaction takes up into the tree while it catches up; the chain is locked for about half a second. */
const CATCH_UP_STEP = 65_536;

/** Readies a tree for at most `added` more leaves, with what stands in the tiles that these complete. */
export async function openGrowth(tx: Tx, head: ChainHead, added: number): Promise<TreeGrowth> {
  const { organizationId, treeSize } = head;
  const begun = await Promise.all(
    begunTiles(treeSize, treeSize + added).map(
      async (tile) => [tile.level, splitHashes(await selectPartialTile(tx, organizationId, tile))] as const,
    ),
  );
  return new TreeGrowth(head, new Map(begun));
}

/**
 * Takes up into the tree what was appended before there was one, or by a release that knew none. Each step is a
 * transaction under the chain's lock, so it may break off anywhere, and several processes may do it at once.
 */
export async function catchUpTree(database: Database, scope: Scope, organizationId: string): Promise<void> {
  for (let behind = true; behind;) {
    behind = await database.tx(scope, async (tx) => {
      const head = (await lockHeads(tx, [organizationId])).get(organizationId);
      if (!head || head.treeSize >= head.size) return false;
      const to = Math.min(head.size, head.treeSize + CATCH_UP_STEP);
      const growth = await openGrowth(tx, head, to - head.treeSize);
      const leafHashes = splitHashes(await selectLeafHashes(tx, organizationId, head.treeSize, to));
      if (leafHashes.length !== to - head.treeSize) {
        throw new Error(`entries of ${organizationId} are missing before ${to}: verify the log`);
      }
      for (const leafHash of leafHashes) growth.append(leafHash);
      await insertTiles(tx, [{ organizationId, tiles: growth.takeFull() }]);
      await moveHeads(tx, [{ ...head, ...growth.head }]);
      return to < head.size;
    });
  }
}
