import { FormatError } from './format-error.ts';
import { HASH_BYTES } from './merkle.ts';
import { decodeBase64, openNote, type Signer, signNote, type Verifier } from './note.ts';

/** A tree head as c2sp.org/tlog-checkpoint writes it. */
export interface Checkpoint {
  /** Names the log, as its key does. */
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** The text that is signed. Extension lines are not written. */
export function encodeCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/**
 * Reads what `encodeCheckpoint` writes; extension lines, which other logs may add, are passed over.
 *
 * @throws FormatError when the text is no checkpoint
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', encoded = '', ...rest] = text.split('\n');
  const root = decodeBase64(encoded);
  if (origin === '' || !isDecimal(size) || root?.length !== HASH_BYTES || rest.pop() !== '' || rest.includes('')) {
    throw new FormatError('a checkpoint is an origin, a size and a root in base64, each on a line of its own');
  }
  return { origin, size: Number(size), root };
}

export function signCheckpoint(checkpoint: Checkpoint, signers: readonly Signer[]): string {
  return signNote(encodeCheckpoint(checkpoint), signers);
}

/**
 * A checkpoint that at least one of the verifiers signed; their names are the origin it must have.
 *
 * @throws FormatError when it is malformed, of another log, or not validly signed
 */
export function openCheckpoint(note: string, verifiers: readonly Verifier[]): Checkpoint {
  const { text, signedBy } = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(text);
  if (!signedBy.some(({ name }) => name === checkpoint.origin)) {
    throw new FormatError(`the checkpoint of ${checkpoint.origin} is not signed by that log's key`);
  }
  return checkpoint;
}

/** A whole number as the formats write it: ASCII, no sign, no leading zero, exact in a double. */
export function isDecimal(text: string): boolean {
  return /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
}
