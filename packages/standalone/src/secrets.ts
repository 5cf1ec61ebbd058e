import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '@aegis/engines/postgres';
import { readIfThere } from '@aegis/runtime/durable-file';
import { z } from 'zod';

const secretsSchema = z.object({
  /** Encrypts what the services store of secrets: 32 bytes, base64. */
  secretKey: z.string().min(1),
  operatorKey: z.string().min(1),
  postgresPassword: z.string().min(1),
});
export type Secrets = z.infer<typeof secretsSchema>;

/**
 * The secrets of this installation, drawn once and kept beside the data they protect (mode 600). Others are never put in
 * the place of those that cannot be read: nothing would open what they sealed.
 */
export async function readOrCreateSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const text = await readIfThere(file);
  if (text !== null) return parseSecrets(file, text);
  const secrets: Secrets = {
    secretKey: randomBytes(32).toString('base64'),
    operatorKey: `aegis_op_${randomBytes(32).toString('base64url')}`,
    postgresPassword: randomBytes(24).toString('base64url'),
  };
  await writePrivate(file, secrets);
  return secrets;
}

function parseSecrets(file: string, text: string): Secrets {
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new EngineError(
      `${file} is not what was written there. Put a copy of it back: without these secrets the data beside it cannot be opened.`,
      { cause: error },
    );
  }
}

/** Writes JSON that only this user may read; whole or not at all. */
export async function writePrivate(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
