import { isDecimal } from './checkpoint.ts';
import { FormatError } from './format-error.ts';
import { HASH_BYTES } from './merkle.ts';
import { decodeBase64 } from './note.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree whose size is exact in a double is at most this high. */
const MAX_HASHES = 53;

/** A proof that an entry stands in a log, as c2sp.org/tlog-proof writes it. */
export interface TlogProof {
  readonly index: number;
  /** From the leaf's sibling up to a child of the root. */
  readonly hashes: readonly Buffer[];
  /** A signed note. */
  readonly checkpoint: string;
  /** Not authenticated by the proof. */
  readonly extra?: Buffer;
}

export function encodeProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [HEADER, ...(extra ? [`extra ${extra.toString('base64')}`] : []), `index ${index}`];
  return `${[...lines, ...hashes.map((hash) => hash.toString('base64'))].join('\n')}\n\n${checkpoint}`;
}

/** @throws FormatError when the text is no proof; the checkpoint in it is left to `openCheckpoint` */
export function parseProof(text: string): TlogProof {
  const split = text.indexOf('\n\n');
  if (split < 0) throw new FormatError('a proof is a header, an index, hashes, an empty line and a checkpoint');
  const lines = text.slice(0, split).split('\n');
  if (lines.shift() !== HEADER) throw new FormatError(`a proof begins with the line ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? decodeBase64(lines.shift()?.slice(6) ?? '') : undefined;
  if (extra === null) throw new FormatError('the extra data of a proof are in base64');
  const [, index = ''] = /^index (\d+)$/.exec(lines.shift() ?? '') ?? [];
  if (!isDecimal(index)) throw new FormatError('a proof names the entry by a line "index <number>"');
  if (lines.length > MAX_HASHES) throw new FormatError(`a proof has ${MAX_HASHES} hashes at most`);
  const hashes = lines.map(parseHash);
  return { index: Number(index), hashes, checkpoint: text.slice(split + 2), ...(extra && { extra }) };
}

/** @throws FormatError unless the text is a SHA-256 in standard base64 */
export function parseHash(text: string): Buffer {
  const hash = decodeBase64(text);
  if (hash?.length !== HASH_BYTES) throw new FormatError(`a hash is ${HASH_BYTES} bytes in base64`);
  return hash;
}
