import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCheckpoint } from '@aegis/verify/format/checkpoint';
import { parseNote } from '@aegis/verify/format/note';
import type { CheckpointPlace } from './usecases/checkpoint-place.ts';

const SUFFIX = '.checkpoint';

/**
 * Keeps checkpoints in a directory, `<organisation>/<date>.checkpoint`: the largest of each day (UTC). A file is whole or
 * not there, also after a crash, and never replaced by that of a smaller log.
 */
export function checkpointDirectory(directory: string): CheckpointPlace {
  const folderOf = (organizationId: string) => join(directory, organizationId);
  return {
    async keep(organizationId, note, signedAt) {
      const folder = folderOf(organizationId);
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${signedAt.toISOString().slice(0, 10)}${SUFFIX}`);
      const before = await readIfThere(file);
      if (before !== null && sizeOf(before) >= sizeOf(note)) return;
      await writeDurably(folder, file, note);
    },
    async list(organizationId) {
      const folder = folderOf(organizationId);
      const names = await readdir(folder).catch(absent<string[]>([]));
      const files = names.filter((name) => name.endsWith(SUFFIX)).sort();
      return Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
    },
    async latest(organizationId) {
      const folder = folderOf(organizationId);
      const names = await readdir(folder).catch(absent<string[]>([]));
      const last = names
        .filter((name) => name.endsWith(SUFFIX))
        .sort()
        .at(-1);
      return last === undefined ? null : readIfThere(join(folder, last));
    },
  };
}

/** 0 for what is no checkpoint, so that it is replaced. */
function sizeOf(note: string): number {
  try {
    return parseCheckpoint(parseNote(note).text).size;
  } catch {
    return 0;
  }
}

async function writeDurably(folder: string, file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.new`;
  try {
    const handle = await open(temporary, 'w', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // The name is durable once the directory is.
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function readIfThere(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(absent(null));
}

function absent<T>(value: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
