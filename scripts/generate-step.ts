import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One generator. It must give the same text for the same sources, so that `--check` can compare. */
export interface GenerateStep {
  readonly name: string;
  /** A folder, from the root, in which every file comes from this step; what it no longer makes is deleted. */
  readonly ownedDir?: string;
  /** Content by path from the root. */
  outputs(root: string): Promise<ReadonlyMap<string, string>>;
}

/** Absolute paths of the files under `dir`, sorted; none when it does not exist. */
export async function listFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
