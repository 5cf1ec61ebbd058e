import { z } from 'zod';

export const MAX_METADATA_BYTES = 16_384;

const encoder = new TextEncoder();

/** Arbitrary key-value pairs. Names that reach prototypes, deep nesting and NUL are refused where the body is parsed. */
export const metadataSchema = z
  .record(z.string(), z.unknown())
  .refine(isSmall, `must be at most ${MAX_METADATA_BYTES} bytes of JSON`)
  .meta({
    description: 'Arbitrary key-value pairs attached to the intent, at most 16 KiB of JSON.',
    override: { propertyNames: undefined },
  });

function isSmall(metadata: object): boolean {
  return encoder.encode(JSON.stringify(metadata)).byteLength <= MAX_METADATA_BYTES;
}
