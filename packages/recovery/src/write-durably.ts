import { open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a small file that is whole or not there, also after a crash. */
export async function writeDurably(dir: string, name: string, text: string): Promise<void> {
  const temporary = join(dir, `${name}.new`);
  await writeFile(temporary, text, { mode: 0o600, flush: true });
  await rename(temporary, join(dir, name));
  await syncDirectory(dir);
}

/** Names are durable once their directory is. */
export async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
