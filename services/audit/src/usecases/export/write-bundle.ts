import type { KeyObject } from 'node:crypto';
import { type PassThrough, Readable } from 'node:stream';
import type { Database } from '@aegis/postgres/database';
import {
  CHECKPOINT_FILE,
  DISCLOSURES_FILE,
  INSTRUCTIONS_FILE,
  LEAVES_FILE,
  MANIFEST_FILE,
  PROOF_FILE,
  recordsFileName,
  SIGNATURE_FILE,
} from '@aegis/verify/format/export/bundle-files';
import type { ManifestFile } from '@aegis/verify/format/export/manifest';
import { signManifest } from '@aegis/verify/format/export/manifest-signature';
import { INSTRUCTIONS } from '@aegis/verify/format/export/statements';
import { ZipFile } from 'yazl';
import type { ExportDefinition } from '../../domain/export/definition.ts';
import { manifestText } from '../../domain/export/manifest.ts';
import { digestOf } from './digest.ts';
import { type CheckedRange, linesFile, type RecordsPass } from './records-pass.ts';

/** Fast, and no worse than the slow levels on text that repeats itself as much as this. */
const COMPRESSION_LEVEL = 1;

export interface Bundle {
  readonly bytes: AsyncIterable<Buffer>;
  /** Of `manifest.json`; once the bytes have ended. */
  manifestSha256(): string | null;
}

/**
 * Packs a bundle as it is read, file after file: each is written from the log when its turn comes, so memory does not
 * grow with it. The same definition gives the same bytes.
 */
export function writeBundle(
  database: Database,
  definition: ExportDefinition,
  pass: RecordsPass,
  { checked, proof }: { readonly checked: CheckedRange; readonly proof: string },
  manifestKey: KeyObject,
  signal: AbortSignal,
): Bundle {
  const files: ManifestFile[] = [];
  let manifest = '';
  const records = recordsFileName(definition.query.format);

  async function* recordsFile() {
    yield* pass.run(database, checked, signal);
    files.push({ name: records, ...pass.records.end(), rows: pass.records.rows });
    for (const [name, digest] of [
      [LEAVES_FILE, pass.leaves],
      [DISCLOSURES_FILE, pass.disclosures],
    ] as const) {
      files.push({ name, ...digest.end(), rows: digest.rows });
    }
  }
  const lines = (kind: 'leaves' | 'disclosures', name: string) =>
    async function* () {
      const sha256 = files.find((file) => file.name === name)?.sha256 ?? '';
      yield* linesFile(database, definition, kind, sha256, signal);
    };
  const listed = (name: string, text: string) =>
    async function* () {
      const content = Buffer.from(text);
      files.push({ name, ...digestOf(content), rows: null });
      yield content;
    };
  const contents: readonly (readonly [name: string, content: () => AsyncGenerator<Buffer>])[] = [
    [records, recordsFile],
    [LEAVES_FILE, lines('leaves', LEAVES_FILE)],
    [DISCLOSURES_FILE, lines('disclosures', DISCLOSURES_FILE)],
    [CHECKPOINT_FILE, listed(CHECKPOINT_FILE, definition.log.checkpoint)],
    [PROOF_FILE, listed(PROOF_FILE, proof)],
    [INSTRUCTIONS_FILE, listed(INSTRUCTIONS_FILE, INSTRUCTIONS)],
    [
      MANIFEST_FILE,
      async function* () {
        const { totals } = pass.file;
        const facts = {
          totals: totals.totals(definition.query.format),
          lateEntries: totals.lateEntries,
          reconciliation: pass.reconciliation(),
        };
        manifest = manifestText({ definition, files, ...facts });
        yield Buffer.from(manifest);
      },
    ],
    [
      SIGNATURE_FILE,
      async function* () {
        yield Buffer.from(signManifest(manifest, manifestKey));
      },
    ],
  ];
  return {
    bytes: zipped(contents, zipTime(definition.generatedAt)),
    manifestSha256: () => (manifest === '' ? null : digestOf(Buffer.from(manifest)).sha256),
  };
}

async function* zipped(
  contents: readonly (readonly [name: string, content: () => AsyncGenerator<Buffer>])[],
  mtime: Date,
): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  // Each begins to read the log when the archive comes to it, not before.
  const inputs = contents.map(([, content]) => Readable.from(content(), { objectMode: false }));
  const fail = (error: Error) => void output.destroy(error);
  zip.on('error', fail);
  for (const input of inputs) input.on('error', fail);
  const options = { mtime, forceDosTimestamp: true, compressionLevel: COMPRESSION_LEVEL };
  for (const [index, [name]] of contents.entries()) {
    const input = inputs[index];
    if (input) zip.addReadStream(input, name, options);
  }
  zip.end();
  try {
    for await (const chunk of output) yield chunk as Buffer;
  } finally {
    for (const input of inputs) input.destroy();
    output.destroy();
  }
}

/** The format has local times only: this makes the UTC time stand in it on any machine. */
function zipTime(time: string): Date {
  const utc = new Date(time);
  return new Date(utc.getTime() + utc.getTimezoneOffset() * 60_000);
}
