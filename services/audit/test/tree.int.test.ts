import { randomUUID } from 'node:crypto';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { CompactRange } from '@aegis/verify/format/compact-range';
import { proveConsistency, verifyConsistency } from '@aegis/verify/format/proof-consistency';
import { proveInclusion, verifyInclusion } from '@aegis/verify/format/proof-inclusion';
import { splitHashes } from '@aegis/verify/format/tiles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTree } from '../src/domain/tree-growth.ts';
import { readHead } from '../src/store/chain-heads.ts';
import { selectLeafHashes } from '../src/store/tiles.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { catchUpTree } from '../src/usecases/grow-tree.ts';
import { readTile, treeReader } from '../src/usecases/read-tree.ts';
import { type AuditDatabase, openAuditDatabase, verified } from './audit-database.ts';
import { prepare } from './chain.ts';
import { delivered, submitted } from './events.ts';

let db: AuditDatabase;

beforeAll(async () => {
  db = await openAuditDatabase();
});
afterAll(() => db.close());

const append = (organizationId: string, count: number) =>
  appendEntries(
    db.database,
    ALL_ORGANIZATIONS,
    Array.from({ length: count }, () => prepare(delivered(submitted({ organizationId })))),
  );

const read = (organizationId: string) =>
  db.database.read({ organizationId }, async (tx) => {
    const head = await readHead(tx, organizationId);
    if (!head) throw new Error('there is no chain');
    return { head, leaves: splitHashes(await selectLeafHashes(tx, organizationId, 0, head.size)) };
  });

function rootOfFirst(leaves: readonly Buffer[], size: number): Buffer {
  const range = new CompactRange();
  for (const leaf of leaves.slice(0, size)) range.append(leaf);
  return range.root();
}

/** A log from before there was a tree. */
const forgetTree = async (organizationId: string) => {
  await db.tamper(`UPDATE chain_heads SET tree_size = 0, tree = '' WHERE organization_id = $1`, [organizationId]);
  await db.tamper('DELETE FROM tiles WHERE organization_id = $1', [organizationId]);
};

describe('the tree of a log', () => {
  it('grows in the transaction of the append, and proves every entry and every earlier tree', async () => {
    const organizationId = randomUUID();
    for (const count of [1, 255, 300, 7, 230]) await append(organizationId, count);
    const { head, leaves } = await read(organizationId);
    const root = rootOfFirst(leaves, head.size);
    expect(openTree(head).root()).toEqual(root);
    await db.database.read({ organizationId }, async (tx) => {
      const reader = treeReader(tx, organizationId, head.size);
      for (const index of [0, 1, 255, 256, 511, 512, 700, head.size - 1]) {
        const proof = await proveInclusion(index, head.size, reader);
        const leafHash = leaves[index] ?? Buffer.alloc(0);
        expect(verifyInclusion({ index, size: head.size, leafHash, root }, proof)).toBe(true);
      }
      for (const from of [1, 255, 256, 511, 513, head.size - 1, head.size]) {
        const proof = await proveConsistency(from, head.size, reader);
        const shown = { from, to: head.size, fromRoot: rootOfFirst(leaves, from), toRoot: root };
        expect(verifyConsistency(shown, proof)).toBe(true);
      }
    });
  });

  it('is read as tiles: whole ones, partial ones, and none beyond', async () => {
    const organizationId = randomUUID();
    await append(organizationId, 600);
    const { leaves } = await read(organizationId);
    const tile = (level: number, index: number, width: number) =>
      db.database.read({ organizationId }, (tx) => readTile(tx, organizationId, { level, index, width }, 600));
    expect(await tile(0, 1, 256)).toEqual(Buffer.concat(leaves.slice(256, 512)));
    expect(await tile(0, 2, 88)).toEqual(Buffer.concat(leaves.slice(512)));
    // A smaller tree's partial tile stays readable, also once the tile is whole.
    expect(await tile(0, 1, 3)).toEqual(Buffer.concat(leaves.slice(256, 259)));
    expect(await tile(1, 0, 2)).toEqual(Buffer.concat([rootOfFirst(leaves, 256), rootOfFirst(leaves.slice(256), 256)]));
    for (const [level, index, width] of [
      [0, 2, 89],
      [0, 2, 256],
      [0, 3, 1],
      [1, 0, 3],
      [2, 0, 1],
    ] as const) {
      expect(await tile(level, index, width)).toBeNull();
    }
  });

  it('gives no partial tile of hashes that are none, though their bytes be as many', async () => {
    const organizationId = randomUUID();
    await append(organizationId, 5);
    const cut = `UPDATE entries SET leaf_hash = CASE seq WHEN 1 THEN substr(leaf_hash, 2) ELSE leaf_hash || '\\x00' END
                 WHERE organization_id = $1 AND seq IN (1, 2)`;
    await db.tamper(cut, [organizationId]);
    await db.database.read({ organizationId }, async (tx) => {
      await expect(readTile(tx, organizationId, { level: 0, index: 0, width: 5 }, 5)).rejects.toThrow(
        'lacks hashes of tile 0 at level 0: verify the log',
      );
    });
  });

  it('catches up with a log that is older than it, whoever comes first', async () => {
    const organizationId = randomUUID();
    await append(organizationId, 700);
    const before = await read(organizationId);
    await forgetTree(organizationId);
    await Promise.all([1, 2, 3].map(() => catchUpTree(db.database, { organizationId }, organizationId)));
    expect((await read(organizationId)).head.tree).toEqual(before.head.tree);
    await forgetTree(organizationId);
    await append(organizationId, 1);
    const { head, leaves } = await read(organizationId);
    expect(openTree(head).root()).toEqual(rootOfFirst(leaves, 701));
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
  });

  it('belongs to one organisation: another reads none of it', async () => {
    const [here, there] = [randomUUID(), randomUUID()];
    await append(here, 300);
    await db.database.read({ organizationId: there }, async (tx) => {
      expect(await readHead(tx, here)).toBeNull();
      expect(await readTile(tx, here, { level: 0, index: 0, width: 256 }, 300)).toBeNull();
    });
  });
});
