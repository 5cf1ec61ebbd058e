import { canonicalJson } from '../canonical-json.ts';
import type { Disclosures } from '../leaf.ts';
import { fieldsOf } from './fields.ts';

/** The files of a bundle, in the order in which they are written. `records` is `records.csv` or `records.json`. */
export const LEAVES_FILE = 'leaves.ndjson';
export const DISCLOSURES_FILE = 'disclosures.ndjson';
export const CHECKPOINT_FILE = 'checkpoint';
export const PROOF_FILE = 'proof.json';
export const INSTRUCTIONS_FILE = 'VERIFY.md';
export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.jws';

export function recordsFileName(format: 'json' | 'csv'): string {
  return `records.${format}`;
}

/** Files that the manifest lists with their digests, in order; the manifest and its signature follow them. */
export function listedFiles(format: 'json' | 'csv'): readonly string[] {
  return [recordsFileName(format), LEAVES_FILE, DISCLOSURES_FILE, CHECKPOINT_FILE, PROOF_FILE, INSTRUCTIONS_FILE];
}

const WITHHELD_VERSION = 'aegis.withheld/1';

/** Stands in `leaves.ndjson` for a leaf that the export's filter leaves out. */
export function withheldLine(seq: number, leafHash: string): string {
  return canonicalJson({ leaf_hash: leafHash, seq, v: WITHHELD_VERSION });
}

/** Null when the line is not exactly such a stub. */
export function parseWithheld(line: string): { readonly seq: number; readonly leafHash: string } | null {
  if (!line.endsWith(`"v":"${WITHHELD_VERSION}"}`)) return null;
  const { seq, leaf_hash: leafHash } = fieldsOf(parseJson(line));
  if (!Number.isSafeInteger(seq) || typeof leafHash !== 'string' || !/^[0-9a-f]{64}$/.test(leafHash)) return null;
  return withheldLine(seq as number, leafHash) === line ? { seq: seq as number, leafHash } : null;
}

/** A line of `disclosures.ndjson`: those of one entry, by path. */
export function disclosuresLine(seq: number, disclosures: Disclosures): string {
  return canonicalJson({ disclosures, seq });
}

/** Null when the line is not of that form. */
export function parseDisclosures(line: string): { readonly seq: number; readonly disclosures: Disclosures } | null {
  const value = fieldsOf(parseJson(line));
  const disclosures = fieldsOf(value['disclosures']);
  const { seq } = value;
  if (!Number.isSafeInteger(seq) || !Object.values(disclosures).every((encoded) => typeof encoded === 'string'))
    return null;
  const read = { seq: seq as number, disclosures: disclosures as Disclosures };
  return disclosuresLine(read.seq, read.disclosures) === line ? read : null;
}

/** Null for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
