import { createHash, generateKeyPairSync } from 'node:crypto';
import { canonicalJson } from '../src/format/canonical-json.ts';
import { signCheckpoint } from '../src/format/checkpoint.ts';
import { CompactRange } from '../src/format/compact-range.ts';
import { createDisclosure, type Disclosure } from '../src/format/disclosure.ts';
import { disclosuresLine, listedFiles, withheldLine } from '../src/format/export/bundle-files.ts';
import { type ExportQuery, MANIFEST_VERSION } from '../src/format/export/manifest.ts';
import { manifestKeyOf, signManifest } from '../src/format/export/manifest-signature.ts';
import { PROFILES } from '../src/format/export/profiles.ts';
import { encodeProofFile } from '../src/format/export/proof-file.ts';
import { type CountedIntent, countedIn, deltasOf, IntentSets } from '../src/format/export/reconciliation.ts';
import { RecordsFile } from '../src/format/export/records-file.ts';
import { NO_ROW_SETTINGS } from '../src/format/export/row-settings.ts';
import { INSTRUCTIONS } from '../src/format/export/statements.ts';
import { leafHash } from '../src/format/hashing.ts';
import { GENESIS_HASH } from '../src/format/leaf.ts';
import { LeafChain } from '../src/format/leaf-chain.ts';
import type { ReadSubtrees } from '../src/format/merkle.ts';
import { createSigner, encodeVerifierKey, type Signer } from '../src/format/note.ts';
import { proveConsistency } from '../src/format/proof-consistency.ts';
import { proveInclusion } from '../src/format/proof-inclusion.ts';
import { proveRange } from '../src/format/proof-range.ts';
import { encodeProof } from '../src/format/proof-text.ts';
import type { BundleSource } from '../src/source/bundle-source.ts';

const ORGANIZATION = '0b6f3c1e-6b1f-4a66-9f0e-0c8f5a1d2e3f';
const ORIGIN = `audit.example.com/org/${ORGANIZATION}`;

export const logKey = createSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey);
export const nextLogKey = createSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey);
export const manifestPrivateKey = generateKeyPairSync('ed25519').privateKey;
export const manifestKey = manifestKeyOf(manifestPrivateKey);
export const keys = { verifiers: [logKey.verifier], manifestKey, keptCheckpoint: null };

export interface SampleEntry {
  readonly leaf: string;
  readonly disclosures: readonly Disclosure[];
}

/** Recorded a second after one another from here on. */
const START_MS = Date.parse('2026-03-05T10:00:00.000Z');
export const timeOf = (seq: number) => new Date(START_MS + seq * 1000).toISOString();

/** A chain of entries; every third is a submission with a disclosed reason, which may look like a formula. */
export function sampleLog(size: number, currency = 'INR'): SampleEntry[] {
  const entries: SampleEntry[] = [];
  let prev = GENESIS_HASH;
  for (let seq = 0; seq < size; seq += 1) {
    const isSubmission = seq % 3 === 0;
    const salt = createHash('sha256').update(String(seq)).digest().subarray(0, 16);
    const disclosures = isSubmission
      ? [createDisclosure(salt, '/data/reason', seq % 2 === 0 ? '=1+1' : 'trip, "paid"')]
      : [];
    const sd = Object.fromEntries(disclosures.map(({ path, digest }) => [path, digest]));
    const money = { amountMinor: String(100 + seq), currency, exponent: 2 };
    const leaf = canonicalJson({
      v: 'aegis.audit/1',
      org: ORGANIZATION,
      seq,
      id: `evt_${seq}`,
      type: isSubmission ? 'intent.submitted' : 'intent.decided',
      actor: { type: 'agent', id: `agt_${seq % 5}`, auth_method: 'api_key' },
      subject: { type: 'intent', id: `int_${seq}` },
      data: isSubmission
        ? { intentId: `int_${seq}`, agentId: `agt_${seq % 5}`, money, createdAt: timeOf(seq) }
        : {
            intentId: `int_${seq}`,
            final: true,
            outcome: seq % 2 ? 'approved' : 'denied',
            money,
            intentCreatedAt: timeOf(seq),
          },
      occurred_at: timeOf(seq - (seq % 7 === 0 ? 5 : 0)),
      recorded_at: timeOf(seq),
      prev,
      ...(disclosures.length > 0 && { sd }),
    });
    prev = leafHash(leaf);
    entries.push({ leaf, disclosures });
  }
  return entries;
}

export interface SampleOptions {
  readonly size: number;
  readonly begin: number;
  readonly end: number;
  readonly format?: 'json' | 'csv';
  readonly standard?: ExportQuery['standard'];
  /** Size of the earlier log that the export was asked for with. */
  readonly priorSize?: number;
  /** Whether an entry is in the filter. */
  readonly shows?: (seq: number) => boolean;
  /** Intents that the operational database has beyond those of the log. */
  readonly unlogged?: readonly CountedIntent[];
  /** Who signs the checkpoint; the first is the key that the manifest names. */
  readonly signers?: readonly Signer[];
  /** Where the last entries before the end of the log are left out, no end was asked for. */
  readonly isOpen?: boolean;
  /** Of the intents' currency. */
  readonly currency?: string;
}

export interface SampleBundle {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Signed by the log, when it had so many entries. */
  checkpointAt(size: number): string;
  readonly vkey: string;
}

/** A bundle as the service writes it, from formats alone. */
export async function sampleBundle(options: SampleOptions): Promise<SampleBundle> {
  const { size, begin, end, format = 'csv', standard = 'generic', priorSize, shows, unlogged } = options;
  const { signers = [logKey], isOpen = false, currency } = options;
  const log = sampleLog(size, currency);
  const hashes = log.map(({ leaf }) => Buffer.from(leafHash(leaf), 'hex'));
  const read = subtreeReader(hashes);
  const checkpointAt = (at: number) => {
    const tree = new CompactRange();
    for (const hash of hashes.slice(0, at)) tree.append(hash);
    return { root: tree.root(), note: signCheckpoint({ origin: ORIGIN, size: at, root: tree.root() }, signers) };
  };
  const { root, note } = checkpointAt(size);
  const vkey = encodeVerifierKey((signers[0] ?? logKey).verifier);
  const query: ExportQuery = {
    format,
    standard,
    from: begin === 0 ? null : timeOf(begin),
    to: isOpen || end === size ? null : timeOf(end),
    tz: 'UTC',
    bom: false,
    filter: shows ? { agentId: 'agt_1' } : null,
  };
  const period = { from: query.from, to: query.to ?? timeOf(size) };
  const [logged, operational] = [new IntentSets(), new IntentSets()];
  for (const intent of unlogged ?? []) operational.add(intent);
  const file = new RecordsFile({ ...query, settings: NO_ROW_SETTINGS });
  const chain = new LeafChain(ORGANIZATION, {
    size: begin,
    head: begin === 0 ? GENESIS_HASH : leafHash(log[begin - 1]?.leaf ?? ''),
  });
  let [records, leaves, disclosures] = [file.head(), '', ''];
  for (const { leaf, disclosures: shown } of log.slice(begin, end)) {
    const seq = chain.position.size;
    if (shows && !shows(seq)) {
      leaves += `${withheldLine(seq, leafHash(leaf))}\n`;
      records += file.withheld(seq, leafHash(leaf));
      chain.skip(leafHash(leaf));
      continue;
    }
    const byPath = Object.fromEntries(shown.map(({ path, encoded }) => [path, encoded]));
    const result = chain.next({ leaf, disclosures: byPath });
    if (!result.ok) throw new Error(result.fault.kind);
    leaves += `${leaf}\n`;
    if (shown.length > 0) disclosures += `${disclosuresLine(seq, byPath)}\n`;
    records += file.entry(result.entry);
    const counted = countedIn(period, result.entry.leaf);
    if (counted) for (const sets of [logged, operational]) sets.add(counted);
  }
  records += file.tail();
  const boundary = async (index: number) => ({
    leaf: log[index]?.leaf ?? '',
    proof: encodeProof({ index, hashes: await proveInclusion(index, size, read), checkpoint: note }),
  });
  const proof = encodeProofFile({
    ...(await proveRange({ begin, end }, size, read)),
    before: begin > 0 ? await boundary(begin - 1) : null,
    after: end < size ? await boundary(end) : null,
    prior:
      priorSize === undefined
        ? null
        : { checkpoint: checkpointAt(priorSize).note, hashes: await proveConsistency(priorSize, size, read) },
  });
  const contents = [records, leaves, disclosures, note, proof, INSTRUCTIONS];
  const files = new Map(listedFiles(format).map((name, index) => [name, Buffer.from(contents[index] ?? '')]));
  const totals = file.totals.totals(format);
  const lines = (text: string) => text.split('\n').length - 1;
  const rows = [totals.rows, lines(leaves), lines(disclosures), null, null, null];
  const manifest = canonicalJson({
    v: MANIFEST_VERSION,
    organization_id: ORGANIZATION,
    export_id: 'exp_1',
    profile_version: PROFILES[standard].version,
    query,
    range: { begin, end },
    log: { origin: ORIGIN, vkey, size, root: root.toString('base64') },
    files: [...files].map(([name, bytes], index) => ({ name, ...digestOf(bytes), rows: rows[index] })),
    control_totals: totals,
    late_addendum: { count: totals.late, entries: file.totals.lateEntries },
    settings: NO_ROW_SETTINGS,
    ...(unlogged && {
      reconciliation: {
        source: 'intents of the sample',
        compared_by: 'intent_id',
        period,
        operational: operational.totals(),
        log: logged.totals(),
        deltas: deltasOf(operational.totals(), logged.totals()),
        recorded_outside: 0,
        differences: {
          count: unlogged.length,
          intents: unlogged.map(({ intentId }) => ({ intent_id: intentId, what: 'not in the log' })),
        },
      },
    }),
  });
  files.set('manifest.json', Buffer.from(manifest));
  files.set('manifest.jws', Buffer.from(signManifest(manifest, manifestPrivateKey)));
  return { files, checkpointAt: (at) => checkpointAt(at).note, vkey };
}

export function digestOf(bytes: Buffer): { bytes: number; sha256: string } {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function subtreeReader(hashes: readonly Buffer[]): ReadSubtrees {
  return async (subtrees) =>
    subtrees.map(({ level, index }) => {
      const tree = new CompactRange();
      for (const hash of hashes.slice(index * 2 ** level, (index + 1) * 2 ** level)) tree.append(hash);
      return tree.root();
    });
}

/** A bundle in memory, handed out in pieces of a few bytes to a few thousand. */
export function memorySource(files: ReadonlyMap<string, Buffer>, pieceBytes = 1000): BundleSource {
  return {
    names: [...files.keys()],
    async *stream(name) {
      const bytes = files.get(name) ?? Buffer.alloc(0);
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
    close: async () => undefined,
  };
}
