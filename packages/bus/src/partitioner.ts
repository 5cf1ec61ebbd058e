const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

let scratch = Buffer.allocUnsafeSlow(1_024);

/** The partition of a key as Kafka's default partitioner chooses it: murmur2 of its UTF-8 bytes, made positive, modulo. */
export function partitionOf(key: string, partitions: number): number {
  if (key.length * 3 > scratch.length) scratch = Buffer.allocUnsafeSlow(key.length * 3);
  return (murmur2(scratch, scratch.write(key, 'utf8')) & 0x7fffffff) % partitions;
}

/** Murmur2 of the first `length` bytes, 32 bits, with the seed of org.apache.kafka.common.utils.Utils. */
function murmur2(data: Uint8Array, length: number): number {
  let hash = SEED ^ length;
  const end = length & ~3;
  for (let index = 0; index < end; index += 4) {
    let word = byte(data, index) | (byte(data, index + 1) << 8) | (byte(data, index + 2) << 16);
    word = Math.imul(word | (byte(data, index + 3) << 24), M);
    hash = Math.imul(hash, M) ^ Math.imul(word ^ (word >>> R), M);
  }
  const tail = length & 3;
  if (tail === 3) hash ^= byte(data, end + 2) << 16;
  if (tail >= 2) hash ^= byte(data, end + 1) << 8;
  if (tail >= 1) hash = Math.imul(hash ^ byte(data, end), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

function byte(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
