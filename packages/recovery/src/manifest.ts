import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '@aegis/runtime/durable-file';
import { z } from 'zod';
import { RecoveryError } from './recovery-error.ts';

const FORMAT = 'aegis.backup/1';
const FILE = 'manifest.json';

const tableSchema = z.object({
  schema: z.string(),
  table: z.string(),
  into: z.string(),
  columns: z.array(z.string()),
  rows: z.int(),
  /** PostgreSQL's COPY in text, packed by gzip; relative to the backup. */
  file: z.string(),
  bytes: z.int(),
  /** Of the file's bytes, hex. */
  sha256: z.string(),
});
export type TableFile = z.infer<typeof tableSchema>;

const kafkaSchema = z.object({
  /** Positions mean something in this cluster only. */
  clusterId: z.string(),
  positions: z.array(z.object({ group: z.string(), topic: z.string(), partition: z.int(), offset: z.string() })),
  /** What a group had still to handle: a JSON object a line, packed by gzip. */
  unread: z.object({ file: z.string(), messages: z.int(), sha256: z.string() }),
});
export type KafkaPart = z.infer<typeof kafkaSchema>;

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** By the database's clock; the moment that the backup is of. */
  takenAt: z.iso.datetime(),
  postgres: z.string(),
  /** Tells whether an AEGIS_SECRET_KEY has the keys that seal what is in the backup; empty where none was given. */
  secretKeyChecks: z.array(z.string()),
  schemas: z.array(
    z.object({ name: z.string(), migrations: z.array(z.object({ name: z.string(), checksum: z.string() })) }),
  ),
  tables: z.array(tableSchema),
  sequences: z.array(z.object({ schema: z.string(), sequence: z.string(), value: z.string() })),
  /** Null where the bus is in PostgreSQL. */
  kafka: kafkaSchema.nullable().default(null),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Written last: a directory without it is not a backup. */
export async function writeManifest(dir: string, manifest: Omit<Manifest, 'format'>): Promise<void> {
  await writeDurably(join(dir, FILE), `${JSON.stringify({ format: FORMAT, ...manifest }, null, 1)}\n`, 0o600);
}

/** @throws RecoveryError when the directory holds no backup that this release can read */
export async function readManifest(dir: string): Promise<Manifest> {
  const text = await readFile(join(dir, FILE), 'utf8').catch((error: unknown) => {
    throw new RecoveryError(
      `${dir} holds no backup: there is no ${FILE}, which is written when a backup is complete.`,
      {
        cause: error,
      },
    );
  });
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new RecoveryError(`${join(dir, FILE)} cannot be read: ${z.prettifyError(parsed.error)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Tells nothing about the key, which has 256 bits, but whether another one is the same. */
export function checkOfSecretKey(secretKey: Uint8Array): string {
  return createHmac('sha256', secretKey).update('aegis.backup secret key').digest('hex');
}
