import { mkdir, open, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EngineError } from '@aegis/engines/postgres';

/** A fresh database, its write-ahead log and ClickHouse's parts need about this much before anything is stored. */
const NEEDED_BYTES = 1_000_000_000;

const LOCK = 'running.pid';

export interface DataDir {
  readonly path: string;
  /** Lets another process start on the same data. */
  release(): Promise<void>;
}

/**
 * Makes the directory that holds everything the embedded engines store and claims it for this process.
 *
 * @throws EngineError when it cannot be written, the disk is nearly full, or another process works on it
 */
export async function claimDataDir(dir: string): Promise<DataDir> {
  const path = resolve(dir);
  try {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, '.writable'), '');
    await rm(join(path, '.writable'));
  } catch (error) {
    throw new EngineError(
      `The data directory ${path} cannot be written (${code(error)}). Give this user the right to write there, or choose another by AEGIS_DATA_DIR.`,
      { cause: error },
    );
  }
  await checkFreeSpace(path);
  const lock = join(path, LOCK);
  await claim(lock, path);
  return { path, release: () => rm(lock, { force: true }) };
}

async function checkFreeSpace(path: string): Promise<void> {
  const disk = await statfs(path);
  const free = disk.bavail * disk.bsize;
  if (free >= NEEDED_BYTES) return;
  throw new EngineError(
    `Only ${Math.floor(free / 1e6)} MB are free where ${path} lies; ${NEEDED_BYTES / 1e6} MB are needed. ` +
      'Free some space, or choose another place by AEGIS_DATA_DIR.',
  );
}

/** One process a directory: the file holds its pid, and a pid that no longer lives is a crash, not an owner. */
async function claim(lock: string, path: string): Promise<void> {
  for (const attempt of [1, 2]) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (error) {
      if (code(error) !== 'EEXIST') throw error;
    }
    const owner = await ownerOf(lock);
    if (attempt === 2 || owner !== null) {
      throw new EngineError(
        `Aegis Comply already runs on ${path} (process ${owner ?? 'unknown'}). Stop it first, or choose another directory by AEGIS_DATA_DIR.`,
      );
    }
    await rm(lock, { force: true });
  }
}

/** Whether a process works on the directory at this moment. */
export async function isClaimed(dir: string): Promise<boolean> {
  return (await ownerOf(join(resolve(dir), LOCK))) !== null;
}

async function ownerOf(lock: string): Promise<number | null> {
  const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
  return owner > 0 && isAlive(owner) ? owner : null;
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return code(error) === 'EPERM';
  }
}

function code(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
