import type { FileHandle } from 'node:fs/promises';
import { FormatError } from '../format/format-error.ts';

/** One file of an archive: where its bytes are, and what they must give. */
export interface ZipEntry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
  readonly start: number;
}

interface DirectoryEntry extends Omit<ZipEntry, 'start'> {
  readonly offset: number;
  readonly flags: number;
  /** The fields that the header beside the bytes repeats: flags, method, time and date. */
  readonly common: Buffer;
}

const END = 0x06054b50;
const END_BYTES = 22;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const DESCRIPTOR = 0x08074b50;
const HAS_DESCRIPTOR = 8;
const EXTRA_64 = 1;
const FULL_32 = 0xffffffff;
const FULL_16 = 0xffff;
/** A bundle has eight files. */
const MAX_DIRECTORY_BYTES = 1024 * 1024;

/** Reads where the files are (APPNOTE 6.3, ZIP64 included) and checks that they fill the archive. */
export async function readDirectory(file: FileHandle, archiveBytes: number): Promise<ZipEntry[]> {
  const { begin, bytes, count, end } = await findDirectory(file, archiveBytes);
  if (begin + bytes !== end || bytes > MAX_DIRECTORY_BYTES) throw damaged('the directory is not where it should be');
  const directory = await readAt(file, begin, bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  let offset = 0;
  while (at < directory.length) {
    const { entry, length } = readCentral(directory.subarray(at));
    if (entry.offset !== offset) throw damaged(`there are bytes before ${entry.name} that belong to no file`);
    const { start, next } = await readLocal(file, entry, begin);
    entries.push({ ...entry, start });
    offset = next;
    at += length;
  }
  if (offset !== begin || entries.length !== count) throw damaged('the files do not fill the archive');
  return entries;
}

async function findDirectory(file: FileHandle, archiveBytes: number) {
  if (archiveBytes < END_BYTES) throw damaged('it is too short');
  const endAt = archiveBytes - END_BYTES;
  const end = await readAt(file, endAt, END_BYTES);
  if (end.readUInt32LE(0) !== END || end.readUInt16LE(20) !== 0)
    throw damaged('it does not end as a ZIP file without comment');
  const short = { begin: end.readUInt32LE(16), bytes: end.readUInt32LE(12), count: end.readUInt16LE(10), end: endAt };
  if (end.readUInt32LE(4) !== 0 || end.readUInt16LE(8) !== short.count) throw damaged('it is split over several disks');
  if (short.begin !== FULL_32 && short.bytes !== FULL_32 && short.count !== FULL_16) return short;
  const locatorAt = endAt - LOCATOR_64_BYTES;
  const recordAt = locatorAt - END_64_BYTES;
  if (recordAt < 0) throw damaged('its ZIP64 record is missing');
  const record = await readAt(file, recordAt, END_64_BYTES + LOCATOR_64_BYTES);
  const isRecord = record.readUInt32LE(0) === END_64 && record.readUInt32LE(END_64_BYTES) === LOCATOR_64;
  if (!isRecord || numberAt(record, END_64_BYTES + 8) !== recordAt) throw damaged('its ZIP64 record is missing');
  return { begin: numberAt(record, 48), bytes: numberAt(record, 40), count: numberAt(record, 32), end: recordAt };
}

function readCentral(bytes: Buffer): { entry: DirectoryEntry; length: number } {
  if (bytes.length < CENTRAL_BYTES || bytes.readUInt32LE(0) !== CENTRAL) throw damaged('its directory is damaged');
  const [nameBytes, extraBytes, commentBytes] = [
    bytes.readUInt16LE(28),
    bytes.readUInt16LE(30),
    bytes.readUInt16LE(32),
  ];
  const length = CENTRAL_BYTES + nameBytes + extraBytes;
  if (commentBytes !== 0 || bytes.length < length) throw damaged('its directory is damaged');
  const name = bytes.subarray(CENTRAL_BYTES, CENTRAL_BYTES + nameBytes).toString('latin1');
  const extra = readExtra64(bytes.subarray(CENTRAL_BYTES + nameBytes, length));
  const large = (value: number) => (value === FULL_32 ? extra() : value);
  const size = large(bytes.readUInt32LE(24));
  const packedSize = large(bytes.readUInt32LE(20));
  const offset = large(bytes.readUInt32LE(42));
  const method = bytes.readUInt16LE(10);
  if (method !== 0 && method !== 8) throw damaged(`${name} is packed in an unknown way`);
  const common = bytes.subarray(8, 16);
  const isDeflated = method === 8;
  return {
    entry: {
      name,
      isDeflated,
      crc: bytes.readUInt32LE(16),
      size,
      packedSize,
      offset,
      flags: bytes.readUInt16LE(8),
      common,
    },
    length,
  };
}

/** Gives the 64-bit numbers of the ZIP64 field one after another, in the order in which they are asked for. */
function readExtra64(extra: Buffer): () => number {
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== EXTRA_64) at += 4 + extra.readUInt16LE(at + 2);
  at += 4;
  return () => {
    if (at + 8 > extra.length) throw damaged('a ZIP64 number is missing');
    at += 8;
    return numberAt(extra, at - 8);
  };
}

/** Checks the header beside the bytes against the directory; gives where the bytes begin, and where the next file does. */
async function readLocal(file: FileHandle, entry: DirectoryEntry, directoryAt: number) {
  const header = await readAt(file, entry.offset, LOCAL_BYTES + entry.name.length);
  const nameBytes = header.readUInt16LE(26);
  const name = header.subarray(LOCAL_BYTES).toString('latin1');
  const agrees =
    header.readUInt32LE(0) === LOCAL && header.subarray(6, 14).equals(entry.common) && nameBytes === entry.name.length;
  if (!agrees || name !== entry.name) throw damaged(`the header of ${entry.name} differs from the directory`);
  const start = entry.offset + header.length + header.readUInt16LE(28);
  const end = start + entry.packedSize;
  if (end > directoryAt) throw damaged(`${entry.name} is cut off`);
  if ((entry.flags & HAS_DESCRIPTOR) === 0) {
    const [crc, packedSize, size] = [header.readUInt32LE(14), header.readUInt32LE(18), header.readUInt32LE(22)];
    if (crc !== entry.crc || packedSize !== entry.packedSize || size !== entry.size)
      throw damaged(`the header of ${entry.name} differs from the directory`);
    return { start, next: end };
  }
  const descriptor = await readAt(file, end, Math.min(24, directoryAt - end));
  if (descriptor.length < 16 || descriptor.readUInt32LE(0) !== DESCRIPTOR || descriptor.readUInt32LE(4) !== entry.crc)
    throw damaged(`the end of ${entry.name} differs from the directory`);
  if (descriptor.readUInt32LE(8) === entry.packedSize && descriptor.readUInt32LE(12) === entry.size)
    return { start, next: end + 16 };
  if (
    descriptor.length === 24 &&
    numberAt(descriptor, 8) === entry.packedSize &&
    numberAt(descriptor, 16) === entry.size
  )
    return { start, next: end + 24 };
  throw damaged(`the end of ${entry.name} differs from the directory`);
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, at);
  if (bytesRead < bytes) throw damaged('it is cut off');
  return buffer;
}

function numberAt(bytes: Buffer, at: number): number {
  const value = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) throw damaged('a number is too large');
  return value;
}

function damaged(what: string): FormatError {
  return new FormatError(`the archive is not a sound ZIP file: ${what}`);
}
