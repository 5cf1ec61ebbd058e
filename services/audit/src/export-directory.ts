import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '@aegis/runtime/durable-file';
import { type ExportPlace, type FileDigest, type PlacedFile, PlaceError } from './usecases/schedules/export-place.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const PART = '.part';

/**
 * Puts files into a directory, for its owner alone. A file is whole or not there; nothing is written outside of the
 * directory, whatever links somebody put into it.
 */
export function exportDirectory(directory: string): ExportPlace {
  /** The folder of a file, made where it is missing. */
  async function folderOf(file: PlacedFile): Promise<string> {
    await mkdir(join(directory, ...file.folder), { recursive: true, mode: FOLDER_MODE });
    const [root, folder] = await Promise.all([realpath(directory), realpath(join(directory, ...file.folder))]);
    if (folder !== join(root, ...file.folder)) throw new PlaceError('a link leads out of the directory of exports');
    return folder;
  }

  return {
    async write(file, content, confirm) {
      try {
        const folder = await folderOf(file);
        await removeLeftovers(folder, file.name);
        const part = join(folder, `.${file.name}.${randomUUID()}${PART}`);
        try {
          const written = await writeNew(part, content);
          await confirm();
          await rename(part, join(folder, file.name));
          await syncDirectory(folder);
          return written;
        } finally {
          await rm(part, { force: true });
        }
      } catch (error) {
        throw asPlaceError(error);
      }
    },

    async digest(file) {
      try {
        // A link in the file's place is not the file.
        const path = join(await folderOf(file), file.name);
        const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
        return await digestOf(handle);
      } catch (error) {
        if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ELOOP')) return null;
        throw asPlaceError(error);
      }
    },
  };
}

/** What a process that was killed left of this file. */
async function removeLeftovers(folder: string, name: string): Promise<void> {
  const names = await readdir(folder);
  const leftovers = names.filter((one) => one.startsWith(`.${name}.`) && one.endsWith(PART));
  await Promise.all(leftovers.map((one) => rm(join(folder, one), { force: true })));
}

async function writeNew(path: string, content: AsyncIterable<Buffer>): Promise<FileDigest> {
  const handle = await open(path, 'wx', FILE_MODE);
  const sha256 = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of content) {
      await handle.writeFile(chunk);
      sha256.update(chunk);
      bytes += chunk.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: sha256.digest('hex') };
}

/** Closes the file. */
async function digestOf(handle: FileHandle): Promise<FileDigest> {
  const sha256 = createHash('sha256');
  let bytes = 0;
  for await (const chunk of handle.createReadStream() as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: sha256.digest('hex') };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Errors of the file system as such; what the content or `confirm` threw stays what it was. */
function asPlaceError(error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return new PlaceError(`the directory of exports cannot be used: ${error.code}`, { cause: error });
}
