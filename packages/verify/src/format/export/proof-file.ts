import { canonicalJson } from '../canonical-json.ts';
import { FormatError } from '../format-error.ts';
import { parseHash } from '../proof-text.ts';
import { parseJson } from './bundle-files.ts';
import { fieldsOf } from './fields.ts';

/** A leaf just outside the range, with its inclusion proof (c2sp.org/tlog-proof@v1): it shows where the time was cut. */
export interface BoundaryLeaf {
  readonly leaf: string;
  readonly proof: string;
}

/** How the log goes on from the checkpoint that whoever asked for the export had kept. */
export interface PriorProof {
  /** The kept checkpoint, a signed note. */
  readonly checkpoint: string;
  readonly hashes: readonly Buffer[];
}

/** `proof.json`: what makes the leaves of the bundle the range [begin, end) of the signed tree. */
export interface ProofFile {
  /** Compact-range hashes of the leaves before the range, and of those behind it. */
  readonly left: readonly Buffer[];
  readonly right: readonly Buffer[];
  /** Null where the range begins at the first entry, or ends with the last. */
  readonly before: BoundaryLeaf | null;
  readonly after: BoundaryLeaf | null;
  readonly prior: PriorProof | null;
}

const base64 = (hash: Buffer) => hash.toString('base64');

export function encodeProofFile({ left, right, before, after, prior }: ProofFile): string {
  return canonicalJson({
    v: 'aegis.export-proof/1',
    left: left.map(base64),
    right: right.map(base64),
    before,
    after,
    prior: prior && { checkpoint: prior.checkpoint, hashes: prior.hashes.map(base64) },
  });
}

/** @throws FormatError when the text is not what `encodeProofFile` writes */
export function parseProofFile(text: string): ProofFile {
  const value = fieldsOf(parseJson(text));
  const prior = value['prior'] === null ? null : fieldsOf(value['prior']);
  const proof: ProofFile = {
    left: hashes(value['left']),
    right: hashes(value['right']),
    before: boundary(value['before']),
    after: boundary(value['after']),
    prior: prior && { checkpoint: textIn(prior, 'checkpoint'), hashes: hashes(prior['hashes']) },
  };
  if (encodeProofFile(proof) !== text) throw new FormatError('the proof is not in canonical form');
  return proof;
}

function hashes(value: unknown): Buffer[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new FormatError('a list of hashes is a list of texts in base64');
  }
  return value.map(parseHash);
}

function boundary(value: unknown): BoundaryLeaf | null {
  if (value === null) return null;
  const fields = fieldsOf(value);
  return { leaf: textIn(fields, 'leaf'), proof: textIn(fields, 'proof') };
}

function textIn(fields: Readonly<Record<string, unknown>>, name: string): string {
  const text = fields[name];
  if (typeof text !== 'string') throw new FormatError(`${name} is missing or no text`);
  return text;
}
