import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { FormatError } from '../format/format-error.ts';
import { type BundleSource, FILE_NAME } from './bundle-source.ts';
import { readDirectory, type ZipEntry } from './zip-directory.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * A bundle in a ZIP file. Stricter than the format: plain names, each once; no comment, nothing before, between or behind
 * the files; so two readers of it cannot see different contents.
 *
 * @throws FormatError when it is not such a file
 */
export async function openZip(path: string): Promise<BundleSource> {
  const file = await open(path, 'r');
  try {
    const entries = await readDirectory(file, (await file.stat()).size);
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    for (const { name } of entries) {
      if (!FILE_NAME.test(name)) throw new FormatError(`${JSON.stringify(name)} is no name of a bundle's file`);
    }
    if (byName.size < entries.length) throw new FormatError('two files of the archive have one name');
    return {
      names: entries.map((entry) => entry.name),
      stream(name) {
        const entry = byName.get(name);
        if (!entry) throw new FormatError(`${name} is missing`);
        return contents(file, entry);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function* contents(file: FileHandle, entry: ZipEntry): AsyncGenerator<Buffer> {
  let crc = 0;
  let length = 0;
  const raw = packed(file, entry);
  const bytes = entry.isDeflated ? inflated(raw) : raw;
  try {
    for await (const chunk of bytes) {
      crc = crc32(chunk, crc);
      length += chunk.length;
      if (length > entry.size) break;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`${entry.name}: its compressed bytes are damaged`, { cause: error });
  }
  if (length !== entry.size || crc !== entry.crc) {
    throw new FormatError(`${entry.name}: its bytes do not give the length and checksum that the archive names`);
  }
}

function inflated(raw: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // What goes wrong reaches whoever reads the last stream.
  return pipeline(raw, createInflateRaw({ chunkSize: CHUNK_BYTES }), () => undefined) as AsyncIterable<Buffer>;
}

async function* packed(file: FileHandle, { start, packedSize }: ZipEntry): AsyncGenerator<Buffer> {
  for (let at = 0; at < packedSize;) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, packedSize - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start + at);
    if (bytesRead === 0) throw new FormatError('the archive is cut off');
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
