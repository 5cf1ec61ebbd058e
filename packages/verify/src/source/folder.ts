import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '../format/format-error.ts';
import { type BundleSource, FILE_NAME } from './bundle-source.ts';

/** A bundle that was unpacked into a folder. */
export async function openFolder(path: string): Promise<BundleSource> {
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !FILE_NAME.test(entry.name)) throw new FormatError(`${entry.name} is no file of a bundle`);
  }
  return {
    names: entries.map((entry) => entry.name),
    stream: (name) => createReadStream(join(path, name)) as AsyncIterable<Buffer>,
    close: async () => undefined,
  };
}
