import type { Tx } from '@aegis/postgres/transaction';
import { HASH_BYTES } from '@aegis/verify/format/merkle';
import { TILE_WIDTH, type Tile } from '@aegis/verify/format/tiles';
import type { FullTile } from '../domain/tree-growth.ts';

export interface TilesOf {
  readonly organizationId: string;
  readonly tiles: readonly FullTile[];
}

export async function insertTiles(tx: Tx, grown: readonly TilesOf[]): Promise<void> {
  const rows = grown.flatMap(({ organizationId, tiles }) => tiles.map((tile) => ({ ...tile, organizationId })));
  if (rows.length === 0) return;
  await tx.query(
    {
      name: 'insert_tiles',
      text: `INSERT INTO tiles (organization_id, level, index, root, hashes)
             SELECT organization_id, level, index, decode(root, 'hex'), decode(hashes, 'hex')
             FROM unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::text[], $5::text[])
                  AS t (organization_id, level, index, root, hashes)`,
    },
    [
      rows.map((row) => row.organizationId),
      rows.map((row) => row.level),
      rows.map((row) => row.index),
      rows.map((row) => row.root.toString('hex')),
      rows.map((row) => row.hashes.toString('hex')),
    ],
  );
}

/** The whole tiles of these places, in any order; one that is missing is not in the answer. */
export async function selectTiles(
  tx: Tx,
  organizationId: string,
  places: readonly Omit<Tile, 'width'>[],
): Promise<FullTile[]> {
  if (places.length === 0) return [];
  const { rows } = await tx.query<TileRow>(
    {
      // One row for 256 entries: a plan made when there were few of them reads little more than it must later.
      name: 'select_tiles',
      text: `SELECT t.level, t.index, t.root, t.hashes
             FROM unnest($2::smallint[], $3::bigint[]) AS p (level, index)
             JOIN tiles t ON t.organization_id = $1 AND t.level = p.level AND t.index = p.index`,
    },
    [organizationId, places.map(({ level }) => level), places.map(({ index }) => index)],
  );
  return rows.map((row) => ({ ...row, index: Number(row.index) }));
}

type TileRow = Omit<FullTile, 'index'> & { index: bigint };

/**
 * The hashes, one after another, of a tile that is not whole: leaf hashes, or the roots of the tiles below.
 *
 * @throws Error when the store lacks one of them, which a check of the log then names
 */
export async function selectPartialTile(
  tx: Tx,
  organizationId: string,
  { level, index, width }: Tile,
): Promise<Buffer> {
  const from = index * TILE_WIDTH;
  const hashes =
    level === 0
      ? await selectLeafHashes(tx, organizationId, from, from + width)
      : await selectRoots(tx, organizationId, level - 1, from, from + width);
  if (hashes.length !== width * HASH_BYTES) {
    throw new Error(`the tree of ${organizationId} lacks hashes of tile ${index} at level ${level}: verify the log`);
  }
  return hashes;
}

/** Those of the places `from` up to but not including `to`, one after another; what is no hash is left out. */
export async function selectLeafHashes(tx: Tx, organizationId: string, from: number, to: number): Promise<Buffer> {
  // Not prepared: a plan made when the log was short would be kept while it grows.
  const { rows } = await tx.query<{ hashes: Buffer }>(
    `SELECT ${joined('leaf_hash', 'seq')} FROM entries WHERE organization_id = $1 AND seq >= $2 AND seq < $3`,
    [organizationId, from, to],
  );
  return rows[0]?.hashes ?? EMPTY;
}

async function selectRoots(tx: Tx, organizationId: string, level: number, from: number, to: number): Promise<Buffer> {
  const { rows } = await tx.query<{ hashes: Buffer }>(
    {
      name: 'select_roots',
      text: `SELECT ${joined('root', 'index')} FROM tiles
             WHERE organization_id = $1 AND level = $2 AND index >= $3 AND index < $4`,
    },
    [organizationId, level, from, to],
  );
  return rows[0]?.hashes ?? EMPTY;
}

const EMPTY = Buffer.alloc(0);

/** One row instead of as many as there are hashes. */
function joined(hash: string, place: string): string {
  const isHash = `octet_length(${hash}) = ${HASH_BYTES}`;
  return `coalesce(string_agg(${hash}, '' ORDER BY ${place}) FILTER (WHERE ${isHash}), '') AS hashes`;
}

/** Whole tiles stored, by level. */
export async function countTiles(tx: Tx, organizationId: string): Promise<Map<number, number>> {
  const { rows } = await tx.query<{ level: number; count: bigint }>(
    'SELECT level, count(*) AS count FROM tiles WHERE organization_id = $1 GROUP BY level',
    [organizationId],
  );
  return new Map(rows.map((row) => [row.level, Number(row.count)]));
}
