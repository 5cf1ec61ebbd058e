import { parseArgs } from 'node:util';
import { openCheckpoint } from '../format/checkpoint.ts';
import { fieldsOf, textsOf } from '../format/export/fields.ts';
import { parseJson } from '../format/export/bundle-files.ts';
import { FormatError } from '../format/format-error.ts';
import { verifyConsistency } from '../format/proof-consistency.ts';
import { parseHash } from '../format/proof-text.ts';
import { quantity } from '../format/quantity.ts';
import { explain, readText, readVerifiers } from './inputs.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  vkey: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  proof: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** Checks that the log of a newer checkpoint begins with that of an older one. Exit status 0 when it does, 1 when not. */
export async function follow(args: readonly string[], { print }: Terminal): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { from, to, proof } = values;
  if (from === undefined || to === undefined || proof === undefined) {
    throw new UsageError(
      'give the kept checkpoint with --from, the newer one with --to, and the proof between them with --proof',
    );
  }
  const verifiers = readVerifiers(values.vkey);
  const texts = {
    from: await readText('--from', from),
    to: await readText('--to', to),
    proof: await readText('--proof', proof),
  };
  const hashes = explain(`--proof ${proof}`, () => readHashes(texts.proof));
  const found = compare();
  print(
    values.json === true
      ? `${JSON.stringify(found, null, 2)}\n`
      : `${found.verified ? 'VERIFIED' : 'NOT VERIFIED'}: ${found.what}\n`,
  );
  return found.verified ? 0 : 1;

  function compare(): { verified: boolean; what: string; from?: number; to?: number } {
    try {
      const [older, newer] = [openCheckpoint(texts.from, verifiers), openCheckpoint(texts.to, verifiers)];
      const sizes = { from: older.size, to: newer.size };
      const [first, all] = [older, newer].map(({ size }) => quantity(size, 'entry', 'entries'));
      if (older.origin !== newer.origin)
        return { verified: false, what: `${older.origin} and ${newer.origin} are two logs` };
      const verified = verifyConsistency({ ...sizes, fromRoot: older.root, toRoot: newer.root }, hashes);
      const what = verified
        ? `the log ${newer.origin} of ${all} begins with the ${first} of the kept checkpoint, unchanged.`
        : `nothing shows that the log of ${all} begins with that of ${first}.`;
      return { verified, what, ...sizes };
    } catch (error) {
      if (error instanceof FormatError) return { verified: false, what: error.message };
      throw error;
    }
  }
}

/** The hashes in base64: a line each, or the member `proof` or `hashes` of the API's JSON. */
function readHashes(text: string): Buffer[] {
  const json = parseJson(text);
  if (json === null)
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map(parseHash);
  const { proof, hashes } = fieldsOf(json);
  return textsOf(proof ?? hashes).map(parseHash);
}
