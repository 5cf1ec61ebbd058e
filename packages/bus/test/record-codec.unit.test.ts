import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRecord, encodeRecord, installRecordCodec, type RecordInput } from '../src/kafka/record-codec.ts';

// Loaded before the codec is installed: these are kafkajs' own.
const require = createRequire(import.meta.url);
const encodeTheirs = require('kafkajs/src/protocol/recordBatch/record/v0') as (input: RecordInput) => {
  buffer: Buffer;
};
const decodeTheirs = require('kafkajs/src/protocol/recordBatch/record/v0/decoder') as typeof decodeRecord;
const Decoder = require('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => {
  buffer: Buffer;
  offset: number;
  readVarInt(): number;
};

const text = fc.string({ unit: 'binary', maxLength: 300 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const content = fc.option(fc.oneof(text, bytes));
const headerValue = fc.oneof(text, bytes);
const record: fc.Arbitrary<RecordInput> = fc.record({
  offsetDelta: fc.nat({ max: 2 ** 20 }),
  timestampDelta: fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
  key: content,
  value: content,
  headers: fc.dictionary(
    // kafkajs reads a header with the name of a member of every object together with that member.
    text.filter((name) => !(name in Object.prototype)),
    fc.oneof(headerValue, fc.array(headerValue, { minLength: 1, maxLength: 3 })),
    { maxKeys: 14 },
  ),
});
const batch = fc.record({
  firstOffset: fc.bigInt(0n, 2n ** 62n).map(String),
  firstTimestamp: fc.bigInt(0n, 2n ** 42n).map(String),
  maxTimestamp: fc.bigInt(0n, 2n ** 42n).map(String),
  magicByte: fc.constant(2),
  timestampType: fc.constantFrom(0, 1),
  isControlBatch: fc.boolean(),
});
const fromZero = { firstOffset: '0', firstTimestamp: '0', maxTimestamp: '0', magicByte: 2, timestampType: 0 };

test('writes the bytes that kafkajs writes', () => {
  fc.assert(
    fc.property(record, (input) => {
      expect(encodeRecord(input).buffer.equals(encodeTheirs(input).buffer)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('reads what kafkajs reads, headers as text', () => {
  fc.assert(
    fc.property(record, batch, (input, context) => {
      const { buffer } = encodeRecord(input);
      const body = () => {
        const source = new Decoder(buffer);
        source.readVarInt();
        return source;
      };
      const theirs = decodeTheirs(body(), context);
      const source = body();
      expect(decodeRecord(source, context)).toEqual({
        ...theirs,
        headers: Object.fromEntries(Object.entries(theirs.headers).map(([name, value]) => [name, asText(value)])),
      });
      expect(source.offset).toBe(buffer.length);
    }),
    { numRuns: 500 },
  );
});

test('a header may have any name', () => {
  const headers = Object.fromEntries(['constructor', '__proto__', 'toString'].map((name) => [name, 'text']));
  const { buffer } = encodeRecord({ key: null, value: null, headers });
  const source = new Decoder(buffer);
  source.readVarInt();
  expect(Object.entries(decodeRecord(source, fromZero).headers)).toEqual(Object.entries(headers));
});

test('numbers of any size come back', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (timestampDelta) => {
      const half = Math.trunc(timestampDelta / 2);
      const { buffer } = encodeRecord({ timestampDelta: half, key: null, value: null });
      const source = new Decoder(buffer);
      source.readVarInt();
      expect(decodeRecord(source, fromZero).timestamp).toBe(String(half));
    }),
  );
});

test('a record cut short is refused', () => {
  const { buffer } = encodeRecord({ key: 'agent', value: 'body', headers: { ce_id: 'evt_1' } });
  expect(() => decodeRecord({ buffer: buffer.subarray(0, 3), offset: 1 }, fromZero)).toThrow('ends within a number');
});

test('kafkajs uses it from the first batch on', async () => {
  for (const path of Object.keys(require.cache)) if (path.includes('/kafkajs/')) delete require.cache[path];
  installRecordCodec();
  expect(require('kafkajs/src/protocol/recordBatch/record/v0')).toBe(encodeRecord);
  expect(require('kafkajs/src/protocol/recordBatch/record/v0/decoder')).toBe(decodeRecord);
  const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
    RecordBatch(batch: { records: unknown[]; firstTimestamp: number; maxTimestamp: number }): Promise<{
      buffer: Buffer;
    }>;
  };
  const records = ['first', 'second'].map((value, offsetDelta) =>
    encodeRecord({ offsetDelta, key: 'agent', value, headers: { ce_id: value } }),
  );
  const encoded = await RecordBatch({ records, firstTimestamp: 1, maxTimestamp: 1 });
  const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
    source: unknown,
  ) => Promise<{ records: ReturnType<typeof decodeRecord>[] }>;
  const decoded = await decodeBatch(new Decoder(encoded.buffer));
  expect(decoded.records.map(({ value, headers }) => [String(value), headers['ce_id']])).toEqual([
    ['first', 'first'],
    ['second', 'second'],
  ]);
});

/** kafkajs' decoder gives the values of headers as buffers. */
function asText(value: unknown): unknown {
  return Array.isArray(value) ? value.map(asText) : (value as Buffer).toString();
}
