import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { CommandError } from '../command.ts';

/** One line of the file: its number as a person counts (the header is row 1) and its cells by header. */
export interface SourceRow {
  readonly number: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Source {
  readonly headers: readonly string[];
  readonly rows: number;
  /** SHA-256 of the file's bytes: what a resumed run recognises it by. */
  readonly digest: string;
  read(): AsyncIterable<SourceRow>;
}

const GZIP_MAGIC = 0x1f8b;

/** Opens a CSV file, plain or gzip (told by its first bytes, not its name), and counts its rows. */
export async function openSource(file: string): Promise<Source> {
  const gzip = await isGzip(file);
  const records = () => {
    const bytes = createReadStream(file);
    const text: Readable = gzip ? bytes.pipe(createGunzip()) : bytes;
    const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true });
    bytes.on('error', (error) => parser.destroy(error));
    text.on('error', (error) => parser.destroy(new CommandError(`${file}: ${error.message}`)));
    return text.pipe(parser) as AsyncIterable<string[]>;
  };

  let headers: string[] | null = null;
  let rows = 0;
  for await (const record of records()) {
    if (headers) rows += 1;
    else headers = record.map((header) => header.trim());
  }
  if (!headers) throw new CommandError(`${file} is empty: its first line must name the columns.`);
  const names = headers;
  return {
    headers: names,
    rows,
    digest: await digestOf(file),
    async *read() {
      let number = 0;
      for await (const record of records()) {
        number += 1;
        if (number === 1) continue;
        yield { number, cells: Object.fromEntries(names.map((name, index) => [name, record[index] ?? ''])) };
      }
    },
  };
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE() === GZIP_MAGIC;
  } finally {
    await handle.close();
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
