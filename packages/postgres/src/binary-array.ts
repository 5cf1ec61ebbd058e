const INT8 = 20;
const INT4 = 23;
const TEXT = 25;
const HEADER_BYTES = 20;

/**
 * One-dimensional arrays in PostgreSQL's binary format, for parameters. `pg` sends a Buffer as it is, so text is neither
 * escaped here nor parsed there, which would cost more than all else in an append.
 */
export function textArray(items: readonly string[]): Buffer {
  let size = HEADER_BYTES;
  for (const item of items) size += 4 + Buffer.byteLength(item);
  const buffer = header(TEXT, items.length, size);
  let at = HEADER_BYTES;
  for (const item of items) {
    const length = buffer.write(item, at + 4, 'utf8');
    buffer.writeInt32BE(length, at);
    at += 4 + length;
  }
  return buffer;
}

/** The same of texts that are UTF-8 already. */
export function utf8Array(items: readonly Uint8Array[]): Buffer {
  let size = HEADER_BYTES;
  for (const item of items) size += 4 + item.length;
  const buffer = header(TEXT, items.length, size);
  let at = HEADER_BYTES;
  for (const item of items) {
    buffer.writeInt32BE(item.length, at);
    buffer.set(item, at + 4);
    at += 4 + item.length;
  }
  return buffer;
}

export function int4Array(items: readonly number[]): Buffer {
  const buffer = header(INT4, items.length, HEADER_BYTES + 8 * items.length);
  let at = HEADER_BYTES;
  for (const item of items) {
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(item, at);
  }
  return buffer;
}

export function int8Array(items: readonly number[]): Buffer {
  const buffer = header(INT8, items.length, HEADER_BYTES + 12 * items.length);
  let at = HEADER_BYTES;
  for (const item of items) {
    at = buffer.writeInt32BE(8, at);
    at = buffer.writeBigInt64BE(BigInt(item), at);
  }
  return buffer;
}

/** Dimensions, no nulls, element type, length, lower bound (array_recv in the server's arrayfuncs.c). */
function header(elementType: number, length: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(elementType, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
