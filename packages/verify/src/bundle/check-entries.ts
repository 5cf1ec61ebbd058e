import {
  DISCLOSURES_FILE,
  LEAVES_FILE,
  parseWithheld,
  PROOF_FILE,
  recordsFileName,
} from '../format/export/bundle-files.ts';
import type { Manifest } from '../format/export/manifest.ts';
import type { ProofFile } from '../format/export/proof-file.ts';
import { countedIn, IntentSets } from '../format/export/reconciliation.ts';
import { RecordsFile } from '../format/export/records-file.ts';
import { leafHash } from '../format/hashing.ts';
import { GENESIS_HASH } from '../format/leaf.ts';
import { LEAF_FAULTS, LeafChain } from '../format/leaf-chain.ts';
import { RangeCheck } from '../format/proof-range.ts';
import { FileComparison } from './compare-file.ts';
import { DisclosureReader } from './disclosure-reader.ts';
import type { Faults } from './faults.ts';
import type { FileReader } from './file-reader.ts';
import { LineReader } from './line-reader.ts';

/** Told every few thousand entries how many were checked. */
export type OnProgress = (entries: number) => void;

export interface EntriesCheck {
  readonly file: RecordsFile;
  /** The intents of the period that the manifest tells of; empty where it tells of none. */
  readonly intents: IntentSets;
  /** Whether every leaf was in order: otherwise nothing behind the first fault was counted. */
  readonly isWhole: boolean;
  /** Lines of each file, by name. */
  readonly rows: ReadonlyMap<string, number>;
  /** Root of the tree that the leaves are a range of; null when they are not. */
  readonly root: Buffer | null;
}

const PROGRESS_STEP = 10_000;

/**
 * Goes through leaves and disclosures once: follows every link, grows the tree, and writes the records anew beside those
 * of the bundle. The check of a chain ends at its first fault.
 */
export async function checkEntries(
  readers: ReadonlyMap<string, FileReader>,
  manifest: Manifest,
  proof: ProofFile,
  faults: Faults,
  onProgress: OnProgress,
): Promise<EntriesCheck> {
  const { query, range, log, settings, reconciliation } = manifest;
  const [leafFile, disclosureFile, recordFile] = [LEAVES_FILE, DISCLOSURES_FILE, recordsFileName(query.format)].map(
    (name) => readers.get(name),
  );
  if (!leafFile || !disclosureFile || !recordFile) throw new TypeError('a file to read is missing');
  const file = new RecordsFile({ ...query, settings });
  const intents = new IntentSets();
  const leaves = new LineReader(leafFile, faults);
  const disclosureLines = new LineReader(disclosureFile, faults);
  const disclosures = new DisclosureReader(disclosureLines, faults);
  const records = new FileComparison(recordFile, faults);
  const head = proof.before === null ? GENESIS_HASH : leafHash(proof.before.leaf);
  const chain = new LeafChain(manifest.organization_id, { size: range.begin, head });
  const tree = await faults.try(PROOF_FILE, () => new RangeCheck(range, log.size, proof));
  await records.expect(file.head(), null);
  let isWhole = true;
  for (let line = await leaves.next(); line !== null; line = await leaves.next()) {
    const seq = chain.position.size;
    const row = await nextRow(line, seq);
    if (row === null) {
      isWhole = false;
      break;
    }
    await records.expect(row, seq);
    if (leaves.number % PROGRESS_STEP === 0) onProgress(leaves.number);
  }
  if (isWhole) {
    await disclosures.end();
    await records.expect(file.tail(), null);
    await records.end();
  }
  onProgress(leaves.number);
  return {
    file,
    intents,
    isWhole,
    rows: new Map([
      [LEAVES_FILE, leaves.number],
      [DISCLOSURES_FILE, disclosureLines.number],
      [recordFile.name, file.totals.totals(query.format).rows],
    ]),
    root: isWhole && tree ? await faults.try(LEAVES_FILE, () => tree.root()) : null,
  };

  /** The records of a line; null after a fault. */
  async function nextRow(line: string, seq: number): Promise<string | null> {
    const stub = parseWithheld(line);
    if (stub !== null) {
      if (query.filter === null || stub.seq !== seq) return fault('an entry is withheld where it must not be');
      chain.skip(stub.leafHash);
      return append(stub.leafHash, () => file.withheld(seq, stub.leafHash));
    }
    const result = chain.next({ leaf: line, disclosures: await disclosures.of(seq) });
    if (!result.ok) return fault(`seq ${seq}: ${LEAF_FAULTS[result.fault.kind]}`);
    const { entry } = result;
    const { recorded_at: time } = entry.outline;
    if ((query.from !== null && time < query.from) || (query.to !== null && time >= query.to)) {
      return fault(`seq ${seq}: it was recorded at ${time}, outside the time asked for`);
    }
    const counted = reconciliation && countedIn(reconciliation.period, entry.outline);
    if (counted) intents.add(counted);
    return append(entry.leafHash, () => file.entry(entry));
  }

  async function append(hash: string, row: () => string): Promise<string | null> {
    const taken = await faults.try(leaves.place, () => {
      tree?.next(Buffer.from(hash, 'hex'));
      return true;
    });
    return taken === null ? null : row();
  }

  function fault(what: string): null {
    faults.add(leaves.place, what);
    return null;
  }
}
