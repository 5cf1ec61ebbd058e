import type { Tx } from '@aegis/postgres/transaction';
import type { ReadSubtrees } from '@aegis/verify/format/merkle';
import { HASH_BYTES } from '@aegis/verify/format/merkle';
import { placeOf, subtreeRoot, type Tile, TILE_WIDTH, type TilePlace, tileWidth } from '@aegis/verify/format/tiles';
import { selectPartialTile, selectTiles } from '../store/tiles.ts';

/** Reads subtrees of an organisation's tree as it stands with `size` leaves; a proof takes two rounds of queries. */
export function treeReader(tx: Tx, organizationId: string, size: number): ReadSubtrees {
  return async (subtrees) => {
    const places = subtrees.map(placeOf);
    const hashes = await readTiles(tx, organizationId, tilesOf(places, size));
    return places.map((place) => {
      const tile = hashes.get(keyOf(place));
      if (!tile || tile.length < place.to * HASH_BYTES) {
        throw new Error(
          `the tree of ${organizationId} lacks tile ${place.index} of level ${place.level}: verify the log`,
        );
      }
      return subtreeRoot(tile.subarray(place.from * HASH_BYTES, place.to * HASH_BYTES));
    });
  };
}

/** The hashes of a tile as it stands with `size` leaves; null where the tree has no such hashes. */
export async function readTile(tx: Tx, organizationId: string, tile: Tile, size: number): Promise<Buffer | null> {
  const width = tileWidth(tile, size);
  if (width < tile.width) return null;
  const hashes = (await readTiles(tx, organizationId, [{ ...tile, width }])).get(keyOf(tile));
  return hashes?.subarray(0, tile.width * HASH_BYTES) ?? null;
}

function tilesOf(places: readonly TilePlace[], size: number): Tile[] {
  const tiles = new Map(places.map(({ level, index }) => [keyOf({ level, index }), { level, index }]));
  return [...tiles.values()].map((tile) => ({ ...tile, width: tileWidth(tile, size) }));
}

async function readTiles(tx: Tx, organizationId: string, tiles: readonly Tile[]): Promise<Map<string, Buffer>> {
  const full = tiles.filter(({ width }) => width === TILE_WIDTH);
  const partial = tiles.filter(({ width }) => width < TILE_WIDTH);
  const [whole, ...parts] = await Promise.all([
    selectTiles(tx, organizationId, full),
    ...partial.map(async (tile) => ({ ...tile, hashes: await selectPartialTile(tx, organizationId, tile) })),
  ]);
  return new Map([
    ...whole.map((tile) => [keyOf(tile), tile.hashes] as const),
    ...parts.map((tile) => [keyOf(tile), tile.hashes] as const),
  ]);
}

function keyOf({ level, index }: Omit<Tile, 'width'>): string {
  return `${level}/${index}`;
}
