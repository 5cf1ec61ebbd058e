import { canonicalJson } from '../format/canonical-json.ts';
import { type Checkpoint, openCheckpoint } from '../format/checkpoint.ts';
import {
  CHECKPOINT_FILE,
  listedFiles,
  MANIFEST_FILE,
  PROOF_FILE,
  SIGNATURE_FILE,
} from '../format/export/bundle-files.ts';
import { type Manifest, parseManifest } from '../format/export/manifest.ts';
import { type ManifestKey, openManifest } from '../format/export/manifest-signature.ts';
import { PROFILES } from '../format/export/profiles.ts';
import { deltasOf } from '../format/export/reconciliation.ts';
import { parseProofFile } from '../format/export/proof-file.ts';
import { FormatError } from '../format/format-error.ts';
import { encodeVerifierKey, parseVerifierKey, type Verifier } from '../format/note.ts';
import { quantity } from '../format/quantity.ts';
import type { BundleSource } from '../source/bundle-source.ts';
import { checkEntries, type EntriesCheck, type OnProgress } from './check-entries.ts';
import { checkBoundaries, checkPrior } from './check-log.ts';
import { type Fault, Faults } from './faults.ts';
import { FileReader } from './file-reader.ts';

export interface BundleKeys {
  /** The log's keys that are trusted. */
  readonly verifiers: readonly Verifier[];
  /** Null when the signature of the manifest is not to be checked. */
  readonly manifestKey: ManifestKey | null;
  /** A checkpoint that was kept from before, as a signed note. */
  readonly keptCheckpoint: string | null;
}

/** What was found. The facts are proved only if there are no faults. */
export interface BundleReport {
  readonly faults: readonly Fault[];
  readonly manifest: Manifest | null;
  readonly checkpoint: Checkpoint | null;
  /** Whether the manifest is signed with a key that is trusted. */
  readonly isSigned: boolean;
  /** The key that the manifest names for the log's, where it is not among those trusted: one of these signed beside it. */
  readonly untrustedKey: string | null;
  /** Entries of the earlier log that this one is known to begin with; null when there was nothing to compare. */
  readonly priorSize: number | null;
  readonly entries: number;
}

export const NOTHING_FOUND: Omit<BundleReport, 'faults'> = {
  manifest: null,
  checkpoint: null,
  isSigned: false,
  untrustedKey: null,
  priorSize: null,
  entries: 0,
};

export async function checkBundle(
  source: BundleSource,
  keys: BundleKeys,
  onProgress: OnProgress = () => undefined,
): Promise<BundleReport> {
  const faults = new Faults();
  const report = { faults: faults.all, ...NOTHING_FOUND };
  const read = (name: string) =>
    source.names.includes(name) ? new FileReader(source, name, faults).text() : missing(faults, name);
  const text = await read(MANIFEST_FILE);
  const signature = await read(SIGNATURE_FILE);
  const isSigned = await checkSignature(signature, text, keys.manifestKey, faults);
  const manifest = await faults.try(MANIFEST_FILE, () => parseManifest(text));
  if (manifest === null) return report;
  const names = listedFiles(manifest.query.format);
  checkNames(source.names, manifest, faults);
  if (names.some((name) => !source.names.includes(name))) return { ...report, manifest, isSigned };

  const checkpointNote = await read(CHECKPOINT_FILE);
  const checkpoint = await faults.try(CHECKPOINT_FILE, () => openCheckpoint(checkpointNote, keys.verifiers));
  if (checkpoint) checkTree(manifest, checkpoint, checkpointNote, faults);
  const proofText = await read(PROOF_FILE);
  const proof = await faults.try(PROOF_FILE, () => parseProofFile(proofText));
  const readers = new Map(names.map((name) => [name, new FileReader(source, name, faults)]));
  let entries: EntriesCheck | null = null;
  let priorSize: number | null = null;
  if (proof) {
    entries = await checkEntries(readers, manifest, proof, faults, onProgress);
    if (checkpoint) {
      if (entries.root && !entries.root.equals(checkpoint.root))
        faults.add(
          PROOF_FILE,
          'left, leaves and right do not give the signed root: an entry was changed, moved, added or left out',
        );
      await checkBoundaries(manifest, proof, checkpoint, keys.verifiers, faults);
      priorSize = await checkPrior(proof, checkpoint, keys.keptCheckpoint, keys.verifiers, faults);
    }
    if (entries.isWhole) {
      checkTotals(manifest, entries, faults);
      checkReconciliation(manifest, entries, faults);
    }
  }
  await checkFiles(readers, manifest, entries, faults);
  const { vkey } = manifest.log;
  return {
    ...report,
    manifest,
    checkpoint,
    isSigned,
    untrustedKey: keys.verifiers.some((verifier) => encodeVerifierKey(verifier) === vkey) ? null : vkey,
    priorSize,
    entries: entries?.file.totals.totals('json').entries ?? 0,
  };
}

function missing(faults: Faults, name: string): string {
  faults.add(name, 'the file is missing');
  return '';
}

async function checkSignature(
  jws: string,
  manifest: string,
  key: ManifestKey | null,
  faults: Faults,
): Promise<boolean> {
  if (key === null) return false;
  const signed = await faults.try(SIGNATURE_FILE, () => openManifest(jws, key));
  if (signed !== null && signed !== manifest) faults.add(MANIFEST_FILE, 'it is not the text that manifest.jws signs');
  return signed === manifest;
}

function checkNames(
  names: readonly string[],
  { query, files, profile_version: version }: Manifest,
  faults: Faults,
): void {
  const listed = listedFiles(query.format);
  const expected = new Set([...listed, MANIFEST_FILE, SIGNATURE_FILE]);
  for (const name of expected) if (!names.includes(name)) faults.add(name, 'the file is missing');
  for (const name of names) if (!expected.has(name)) faults.add(name, 'the file does not belong to the bundle');
  if (canonicalJson(files.map((file) => file.name)) !== canonicalJson(listed)) {
    faults.add(`${MANIFEST_FILE} files`, `it does not list ${listed.join(', ')}`);
  }
  const known = PROFILES[query.standard].version;
  if (version !== known)
    faults.add(`${MANIFEST_FILE} profile_version`, `${version} is not ${known}, which this verifier knows`);
}

/**
 * After a change of key both keys sign, and whoever trusts only the one before can go on: the key that the manifest names
 * need not be trusted itself, but the checkpoint must be signed with it too.
 */
function checkTree({ log, range }: Manifest, checkpoint: Checkpoint, note: string, faults: Faults): void {
  const told = { origin: log.origin, size: log.size, root: log.root };
  const signed = { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') };
  if (canonicalJson(told) !== canonicalJson(signed)) {
    faults.add(`${MANIFEST_FILE} log`, 'it is not the tree that the checkpoint signs');
  }
  if (!isSignedBy(note, log.vkey))
    faults.add(`${MANIFEST_FILE} log.vkey`, 'it is not a key that signed the checkpoint');
  if (range.begin > range.end || range.end > log.size)
    faults.add(`${MANIFEST_FILE} range`, 'it is no range of the log');
}

function isSignedBy(note: string, vkey: string): boolean {
  try {
    openCheckpoint(note, [parseVerifierKey(vkey)]);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

function checkTotals(
  { query, control_totals: told, late_addendum: late }: Manifest,
  { file }: EntriesCheck,
  faults: Faults,
): void {
  const counted: Readonly<Record<string, unknown>> = { ...file.totals.totals(query.format) };
  const claimed = told as unknown as Readonly<Record<string, unknown>>;
  for (const name of new Set([...Object.keys(counted), ...Object.keys(claimed)])) {
    // Own members alone: a manifest may name one that every object inherits.
    const [ours, theirs] = [counted, claimed].map((totals) =>
      canonicalJson((Object.hasOwn(totals, name) ? totals[name] : null) ?? null),
    );
    if (ours !== theirs)
      faults.add(`${MANIFEST_FILE} control_totals.${name}`, `it says ${theirs}; the entries give ${ours}`);
  }
  const listed = { count: counted['late'], entries: file.totals.lateEntries };
  if (canonicalJson(late) !== canonicalJson(listed))
    faults.add(`${MANIFEST_FILE} late_addendum`, 'it does not list the late entries');
}

/** The log's side is counted again; of the operational database's, only that the two were compared rightly. */
function checkReconciliation({ query, reconciliation }: Manifest, { intents }: EntriesCheck, faults: Faults): void {
  if (!reconciliation) return;
  const { period, operational, log, deltas } = reconciliation;
  const compare = (member: string, told: unknown, ours: unknown) => {
    const [theirs, counted] = [told, ours].map((value) => canonicalJson(value));
    if (theirs !== counted)
      faults.add(`${MANIFEST_FILE} reconciliation.${member}`, `it says ${theirs}; the entries give ${counted}`);
  };
  compare('period.from', period.from, query.from);
  if (query.to !== null && period.to > query.to)
    faults.add(`${MANIFEST_FILE} reconciliation.period.to`, `it ends after ${query.to}, the end of the export`);
  compare('log', log, intents.totals());
  compare('deltas', deltas, deltasOf(operational, intents.totals()));
}

async function checkFiles(
  readers: ReadonlyMap<string, FileReader>,
  { files }: Manifest,
  entries: EntriesCheck | null,
  faults: Faults,
) {
  for (const { name, bytes, rows, sha256 } of files) {
    const found = await readers.get(name)?.finish();
    if (!found) continue;
    if (found.sha256 !== sha256) faults.add(name, `its SHA-256 is ${found.sha256}, not ${sha256} as the manifest says`);
    if (found.bytes !== bytes)
      faults.add(name, `it has ${quantity(found.bytes, 'byte')}, not ${quantity(bytes, 'byte')} as the manifest says`);
    const counted = entries?.rows.get(name) ?? null;
    if (entries?.isWhole && rows !== counted)
      faults.add(
        `${MANIFEST_FILE} files`,
        `${name} has ${counted === null ? 'no rows' : quantity(counted, 'row')}, not ${rows ?? 'none'}`,
      );
  }
}
