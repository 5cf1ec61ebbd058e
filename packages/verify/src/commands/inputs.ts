import { readFile } from 'node:fs/promises';
import { FormatError } from '../format/format-error.ts';
import { parseVerifierKey, type Verifier } from '../format/note.ts';
import { UsageError } from './usage-error.ts';

/** The verifier keys of the command line: at least one. */
export function readVerifiers(vkeys: readonly string[] | undefined): Verifier[] {
  if (!vkeys?.length)
    throw new UsageError('give the log’s verifier key with --vkey; it must come to you apart from the bundle');
  return vkeys.map((vkey) => explain(`--vkey ${vkey}`, () => parseVerifierKey(vkey)));
}

export async function readText(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What `read` gives; a wrong format is the caller's fault here, and not the bundle's. */
export function explain<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) throw new UsageError(`${what}: ${error.message}`);
    throw error;
  }
}
