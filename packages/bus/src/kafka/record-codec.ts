import { createRequire } from 'node:module';

/** What kafkajs (2.2.4) hands to its encoder of one record. */
export interface RecordInput {
  readonly offsetDelta?: number;
  /** Milliseconds since the first record of the batch. */
  readonly timestampDelta?: number;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;
}

type HeaderValue = string | Buffer;

/** The members of kafkajs' `Encoder` that a batch copies its records from. */
export interface EncodedRecord {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/** The members of kafkajs' `Decoder`; `offset` moves as the record is read. */
export interface RecordSource {
  readonly buffer: Buffer;
  offset: number;
}

/** What kafkajs knows of the batch, its 64-bit integers as decimal text. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly maxTimestamp: string;
  readonly magicByte: number;
  readonly timestampType: number;
  readonly isControlBatch?: boolean;
}

const LOG_APPEND_TIME = 1;
/** The longest varint of 64 bits. */
const MAX_VARINT = 10;

const ENCODER = 'kafkajs/src/protocol/recordBatch/record/v0';
const DECODER = 'kafkajs/src/protocol/recordBatch/record/v0/decoder';

/** Puts this codec into kafkajs, which loads its own with the first batch: a quarter of what a message cost it. */
export function installRecordCodec(): void {
  const require = createRequire(import.meta.url);
  for (const [path, own] of [
    [ENCODER, encodeRecord],
    [DECODER, decodeRecord],
  ] as const) {
    require(path);
    const module = require.cache[require.resolve(path)];
    if (!module) throw new Error(`${path} is not where kafkajs 2.2.4 has it`);
    module.exports = own;
  }
}

/**
 * A record of Kafka's format v2 (https://kafka.apache.org/documentation/#record), the bytes kafkajs' own encoder writes.
 * That one takes a zeroed half kilobyte for each header of each record; an event has a dozen.
 */
export function encodeRecord({
  offsetDelta = 0,
  timestampDelta = 0,
  key,
  value,
  headers = {},
}: RecordInput): EncodedRecord {
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((single) => [name, single] as const),
  );
  let room = 3 * MAX_VARINT + roomFor(key) + roomFor(value);
  for (const [name, single] of pairs) room += roomFor(name) + roomFor(single);
  // The length comes first and is known last: the body is written behind the most that its length can take.
  const buffer = Buffer.allocUnsafe(MAX_VARINT + room);
  let end = MAX_VARINT;
  // No record attributes are in use.
  buffer[end++] = 0;
  end = writeVarint(buffer, end, timestampDelta);
  end = writeVarint(buffer, end, offsetDelta);
  end = writeBytes(buffer, end, key);
  end = writeBytes(buffer, end, value);
  end = writeVarint(buffer, end, pairs.length);
  for (const [name, single] of pairs) end = writeBytes(buffer, writeBytes(buffer, end, name), single);
  const length = Buffer.allocUnsafe(MAX_VARINT);
  const lengthSize = writeVarint(length, 0, end - MAX_VARINT);
  length.copy(buffer, MAX_VARINT - lengthSize, 0, lengthSize);
  const encoded = buffer.subarray(MAX_VARINT - lengthSize, end);
  return { buf: encoded, buffer: encoded };
}

/** What kafkajs' own decoder reads, but headers as text: that one copies all the headers before at every header. */
export function decodeRecord(source: RecordSource, batch: BatchContext) {
  const attributes = source.buffer.readInt8(source.offset++);
  const timestampDelta = readVarint(source);
  const offsetDelta = readVarint(source);
  const key = readBytes(source);
  const value = readBytes(source);
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let left = readVarint(source); left > 0; left--) {
    const name = readText(source) ?? '';
    const text = readText(source) ?? '';
    const earlier = headers[name];
    headers[name] = earlier === undefined ? text : [earlier, text].flat();
  }
  return {
    magicByte: batch.magicByte,
    attributes,
    timestamp:
      batch.timestampType === LOG_APPEND_TIME ? batch.maxTimestamp : plus(batch.firstTimestamp, timestampDelta),
    offset: plus(batch.firstOffset, offsetDelta),
    key,
    value,
    headers,
    isControlRecord: batch.isControlBatch ?? false,
    batchContext: batch,
  };
}

/** Bytes that are enough for the value and its length. */
function roomFor(value: string | Buffer | null): number {
  if (value === null) return MAX_VARINT;
  return MAX_VARINT + (typeof value === 'string' ? Buffer.byteLength(value) : value.length);
}

function writeBytes(buffer: Buffer, at: number, value: string | Buffer | null): number {
  if (value === null) return writeVarint(buffer, at, -1);
  if (typeof value !== 'string') {
    const start = writeVarint(buffer, at, value.length);
    return start + value.copy(buffer, start);
  }
  const start = writeVarint(buffer, at, Buffer.byteLength(value));
  return start + buffer.write(value, start);
}

/** Zigzag, then seven bits a byte, the lowest first. Division instead of shifts, which end at 32 bits. */
function writeVarint(buffer: Buffer, at: number, value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  while (rest >= 0x80) {
    buffer[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  buffer[at++] = rest;
  return at;
}

function readVarint(source: RecordSource): number {
  let encoded = 0;
  for (let weight = 1; ; weight *= 0x80) {
    const byte = source.buffer[source.offset++];
    if (byte === undefined) throw new RangeError('the record ends within a number');
    encoded += (byte & 0x7f) * weight;
    if (byte < 0x80) return encoded % 2 === 0 ? encoded / 2 : -(encoded + 1) / 2;
  }
}

function readBytes(source: RecordSource): Buffer | null {
  const length = readVarint(source);
  if (length < 0) return null;
  return source.buffer.subarray(source.offset, (source.offset += length));
}

function readText(source: RecordSource): string | null {
  const length = readVarint(source);
  if (length < 0) return null;
  return source.buffer.toString('utf8', source.offset, (source.offset += length));
}

function plus(start: string, delta: number): string {
  return String(BigInt(start) + BigInt(delta));
}
