import { FormatError } from './format-error.ts';
import { HASH_BYTES, nodeHash, type Subtree } from './merkle.ts';

/** The tiles of c2sp.org/tlog-tiles: 256 hashes of one level side by side, from which eight levels of nodes follow. */

export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;
const MAX_LEVEL = 63;
/** An entry's length is written in two bytes. */
export const MAX_ENTRY_BYTES = 65_535;

export interface Tile {
  /** 0 holds leaf hashes; each level above holds the roots of whole tiles of the one below. */
  readonly level: number;
  readonly index: number;
  /** Hashes in it; below 256 in a partial tile. */
  readonly width: number;
}

/** An entry bundle: the entries whose hashes are the tile of the same index at level 0. */
export type EntryBundle = Omit<Tile, 'level'>;

/** `tile/<L>/<N>[.p/<W>]`, or `tile/entries/<N>[.p/<W>]` for a bundle. */
export function tilePath(tile: Tile | EntryBundle): string {
  const digits = String(tile.index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const index = groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
  const partial = tile.width < TILE_WIDTH ? `.p/${tile.width}` : '';
  return `tile/${'level' in tile ? tile.level : 'entries'}/${index}${partial}`;
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** @throws FormatError when the path is none that `tilePath` writes */
export function parseTilePath(path: string): Tile | EntryBundle {
  const [, name = '', groups = '', partial] = PATH.exec(path) ?? [];
  const index = Number(groups.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const level = name === 'entries' ? null : Number(name);
  const tile = level === null ? { index, width } : { level, index, width };
  if (name === '' || (level ?? 0) > MAX_LEVEL || tilePath(tile) !== path) {
    throw new FormatError('a tile is tile/<level>/<index>[.p/<width>] and a bundle tile/entries/<index>[.p/<width>]');
  }
  return tile;
}

/** Hashes that the tile of this level and index holds in a tree of `size`; 0 when there is none yet. */
export function tileWidth({ level, index }: Omit<Tile, 'width'>, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.min(Math.max(hashes - index * TILE_WIDTH, 0), TILE_WIDTH);
}

/** Where a perfect subtree is found: hashes `from` up to but not including `to` of a tile. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

export function placeOf({ level, index }: Subtree): TilePlace {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const width = 2 ** (level - tileLevel * TILE_HEIGHT);
  const first = index * width;
  const from = first % TILE_WIDTH;
  return { level: tileLevel, index: (first - from) / TILE_WIDTH, from, to: from + width };
}

/**
 * The root over hashes side by side, a power of two of them.
 *
 * @param hashes 32 bytes each, one after another
 */
export function subtreeRoot(hashes: Buffer): Buffer {
  let level = splitHashes(hashes);
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let at = 0; at + 1 < level.length; at += 2) {
      above.push(nodeHash(level[at] ?? hashes, level[at + 1] ?? hashes));
    }
    level = above;
  }
  if (!level[0]) throw new RangeError('there is no root over no hashes');
  return level[0];
}

/** @throws FormatError unless the bytes are whole hashes */
export function splitHashes(bytes: Buffer): Buffer[] {
  if (bytes.length % HASH_BYTES !== 0) throw new FormatError(`a tile holds hashes of ${HASH_BYTES} bytes each`);
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/**
 * A bundle's bytes: each entry after its length in two bytes, the higher first.
 *
 * @throws FormatError for an entry that is too long
 */
export function encodeEntries(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) throw new FormatError(`an entry has ${MAX_ENTRY_BYTES} bytes at most`);
      return [Buffer.of(Math.floor(entry.length / 256), entry.length % 256), entry];
    }),
  );
}

/** @throws FormatError when the bytes end within an entry */
export function decodeEntries(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  let at = 0;
  while (at < bundle.length) {
    const begin = at + 2;
    at = bundle.length < begin ? Infinity : begin + bundle.readUInt16BE(at);
    if (at > bundle.length) throw new FormatError('the bundle ends within an entry');
    entries.push(bundle.subarray(begin, at));
  }
  return entries;
}
