import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { FormatError } from '@aegis/verify/format/format-error';
import { encodeEntries, parseTilePath, TILE_WIDTH } from '@aegis/verify/format/tiles';
import { readHead } from '../store/chain-heads.ts';
import { selectLeaves } from '../store/entries.ts';
import { readTile } from './read-tree.ts';

/**
 * A tile or a bundle of entries, as c2sp.org/tlog-tiles lays them out.
 *
 * @param path such as `tile/0/x001/234` or `tile/entries/000.p/17`
 * @throws ProblemError `not_found` for a path that is none, and where the log does not reach
 */
export async function readLogTile(database: Database, organizationId: string, path: string): Promise<Buffer> {
  const tile = parsePath(path);
  const bytes = await database.read({ organizationId }, async (tx) => {
    const size = (await readHead(tx, organizationId))?.treeSize ?? 0;
    if ('level' in tile) return readTile(tx, organizationId, tile, size);
    const from = tile.index * TILE_WIDTH;
    if (from + tile.width > size) return null;
    const leaves = await selectLeaves(tx, organizationId, from, from + tile.width);
    return encodeEntries(leaves.map((leaf) => Buffer.from(leaf)));
  });
  if (bytes === null) throw new ProblemError('not_found', 'the log has no such tile yet');
  return bytes;
}

function parsePath(path: string) {
  try {
    return parseTilePath(path);
  } catch (error) {
    if (error instanceof FormatError) throw new ProblemError('not_found', error.message);
    throw error;
  }
}
