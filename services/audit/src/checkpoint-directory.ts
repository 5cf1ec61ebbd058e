import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeDurably } from '@aegis/runtime/durable-file';
import { parseCheckpoint } from '@aegis/verify/format/checkpoint';
import { parseNote } from '@aegis/verify/format/note';
import type { CheckpointPlace } from './usecases/checkpoint-place.ts';

const SUFFIX = '.checkpoint';
const FILE_MODE = 0o644;

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
      await writeDurably(file, note, FILE_MODE);
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

function absent<T>(value: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
