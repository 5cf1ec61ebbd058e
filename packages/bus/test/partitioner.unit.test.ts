import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, test } from 'vitest';
import { partitionOf } from '../src/partitioner.ts';

const partitions = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));

test("puts every key where Kafka's default partitioner puts it", () => {
  const kafka = Partitioners.DefaultPartitioner();
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
      fc.integer({ min: 1, max: 64 }),
      (key, count) => {
        const expected = kafka({ topic: 'any', partitionMetadata: partitions(count), message: { key, value: null } });
        expect(partitionOf(key, count)).toBe(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('agrees with the murmur2 of the Java client on its own test vectors', () => {
  // org.apache.kafka.common.utils.UtilsTest#testMurmur2, made positive, modulo 2^31 - 1.
  const vectors: Record<string, number> = {
    '21': -973932308,
    foobar: -790332482,
    'a-little-bit-long-string': -985981536,
    'a-little-bit-longer-string': -1486304829,
    lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
    abc: 479470107,
  };
  for (const [key, hash] of Object.entries(vectors)) {
    expect(partitionOf(key, 0x7fffffff)).toBe((hash & 0x7fffffff) % 0x7fffffff);
  }
});
