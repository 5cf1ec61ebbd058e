import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type BundleReport, checkBundle, NOTHING_FOUND } from '../bundle/check-bundle.ts';
import { describeReport, notProved, proved } from '../bundle/describe.ts';
import { FormatError } from '../format/format-error.ts';
import { parseManifestKey } from '../format/export/manifest-signature.ts';
import { quantity } from '../format/quantity.ts';
import type { BundleSource } from '../source/bundle-source.ts';
import { openFolder } from '../source/folder.ts';
import { openZip } from '../source/zip.ts';
import { explain, readText, readVerifiers } from './inputs.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  vkey: { type: 'string', multiple: true },
  jwk: { type: 'string' },
  'from-checkpoint': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** Checks one bundle. Gives the exit status: 0 when everything holds, 1 when not. */
export async function verifyBundle(args: readonly string[], { print, progress }: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new UsageError('give one bundle: a ZIP file or a folder');
  const { jwk, 'from-checkpoint': kept } = values;
  const keys = {
    verifiers: readVerifiers(values.vkey),
    manifestKey:
      jwk === undefined ? null : explain(`--jwk ${jwk}`, parseManifestKey.bind(null, await readText('--jwk', jwk))),
    keptCheckpoint: kept === undefined ? null : await readText('--from-checkpoint', kept),
  };
  const report = await check(path, (source) =>
    checkBundle(source, keys, (entries) => progress(`${quantity(entries, 'entry', 'entries')} checked`)),
  );
  print(values.json === true ? `${JSON.stringify(asJson(report), null, 2)}\n` : describeReport(report));
  return report.faults.length === 0 ? 0 : 1;
}

async function check(path: string, run: (source: BundleSource) => Promise<BundleReport>): Promise<BundleReport> {
  let source: BundleSource | null = null;
  try {
    source = (await isFolder(path)) ? await openFolder(path) : await openZip(path);
    return await run(source);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const faults = [{ place: path, what: error.message }];
    return { faults, ...NOTHING_FOUND };
  } finally {
    await source?.close();
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    throw new UsageError(`there is no ${path}`);
  }
}

function asJson(report: BundleReport) {
  const { faults, manifest, checkpoint, isSigned, untrustedKey, priorSize, entries } = report;
  const verified = faults.length === 0;
  return {
    verified,
    faults,
    proved: verified ? proved(report) : [],
    notProved: verified ? notProved(report) : [],
    exportId: manifest?.export_id ?? null,
    log: checkpoint && { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') },
    range: manifest?.range ?? null,
    entries,
    manifestSigned: isSigned,
    untrustedKey,
    priorSize,
  };
}
