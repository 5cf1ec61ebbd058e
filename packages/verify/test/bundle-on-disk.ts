import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export async function writeFolder(folder: string, files: ReadonlyMap<string, Buffer>): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  return folder;
}

/** As the service packs it, every second file stored instead of deflated, if so wished in the large form of the format. */
export async function writeZip(
  path: string,
  files: ReadonlyMap<string, Buffer>,
  forceZip64Format = false,
): Promise<string> {
  const zip = new ZipFile();
  let compress = true;
  for (const [name, bytes] of files) {
    zip.addBuffer(bytes, name, { compress, forceZip64Format, mtime: new Date('2026-03-05T10:00:00.000Z') });
    compress = !compress;
  }
  zip.end({ forceZip64Format, comment: '' });
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}
