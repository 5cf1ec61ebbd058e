import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const secretsSchema = z.object({
  /** Encrypts what the services store of secrets: 32 bytes, base64. */
  secretKey: z.string().min(1),
  operatorKey: z.string().min(1),
  postgresPassword: z.string().min(1),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** The secrets of this installation, drawn once and kept beside the data they protect (mode 600). */
export async function readOrCreateSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) return secretsSchema.parse(JSON.parse(text));
  const secrets: Secrets = {
    secretKey: randomBytes(32).toString('base64'),
    operatorKey: `aegis_op_${randomBytes(32).toString('base64url')}`,
    postgresPassword: randomBytes(24).toString('base64url'),
  };
  await writePrivate(file, secrets);
  return secrets;
}

/** Writes JSON that only this user may read; whole or not at all. */
export async function writePrivate(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
