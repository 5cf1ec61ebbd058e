import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openZip } from '@aegis/verify/source/zip';

/** The files of an archive, by name. */
export async function unzip(content: Buffer): Promise<Map<string, Buffer>> {
  const path = join(tmpdir(), `aegis-${randomUUID()}.zip`);
  await writeFile(path, content);
  const source = await openZip(path);
  try {
    const files = new Map<string, Buffer>();
    for (const name of source.names) {
      const chunks: Buffer[] = [];
      for await (const chunk of source.stream(name)) chunks.push(chunk);
      files.set(name, Buffer.concat(chunks));
    }
    return files;
  } finally {
    await source.close();
    await rm(path);
  }
}
