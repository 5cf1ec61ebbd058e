import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ClickHouseTarget } from '@aegis/analytics/clickhouse';
import { readAnalyticsConfig } from '@aegis/analytics/config';
import type { KafkaBusOptions } from '@aegis/bus/kafka';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from '@aegis/engines/postgres';
import { type Environment, readConfig, secretKeys, url } from '@aegis/runtime/config';
import { createLogger } from '@aegis/runtime/log';
import { busConfig } from '@aegis/service/bus-config';
import { claimDataDir, isClaimed } from '@aegis/standalone/data-dir';
import { readOrCreateSecrets } from '@aegis/standalone/secrets';
import { z } from 'zod';
import { RecoveryError } from './recovery-error.ts';

const variables = z
  .object({
    DATABASE_URL: url(['postgres', 'postgresql']).optional(),
    AEGIS_DATA_DIR: z.string().default('.aegis'),
    AEGIS_SECRET_KEY: secretKeys().optional(),
  })
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: resolve(env.AEGIS_DATA_DIR),
    secretKeys: env.AEGIS_SECRET_KEY ?? null,
  }));

/** The PostgreSQL of an installation and the key that seals what is in it. */
export interface Installation {
  readonly databaseUrl: string;
  /** The first seals; a backup may have been taken under any. */
  readonly secretKeys: readonly Uint8Array[] | null;
  /** Null where the bus is in that PostgreSQL. */
  readonly kafka: KafkaBusOptions | null;
}

/** An installation that nobody works on. */
export interface Stopped extends Installation {
  /** Where the facts of analytics are kept. */
  readonly analytics: { readonly clickhouse: ClickHouseTarget; readonly database: string };
  /** Lets go of what was started and claimed. */
  close(): Promise<void>;
}

/** The installation that works now: at DATABASE_URL, or what `npm start` runs on AEGIS_DATA_DIR. */
export async function findRunning(env: Environment): Promise<Installation> {
  const { databaseUrl, dataDir, secretKeys: keys } = readConfig(variables, env);
  const kafka = kafkaOf(env);
  if (databaseUrl !== null) return { databaseUrl, secretKeys: keys, kafka };
  const secrets = await readSecrets(dataDir);
  const running = await runningEmbeddedPostgres(join(dataDir, 'postgres'), secrets.postgresPassword);
  if (running !== null) return { databaseUrl: running, secretKeys: keys ?? decode(secrets.secretKey), kafka };
  throw new RecoveryError(
    `Nothing runs on ${dataDir}. Start it (npm start), or set AEGIS_DATA_DIR or DATABASE_URL to what is meant.`,
  );
}

/** One to restore into: at DATABASE_URL, or an engine of our own on AEGIS_DATA_DIR. */
export async function openStopped(env: Environment): Promise<Stopped> {
  const { databaseUrl, dataDir, secretKeys: keys } = readConfig(variables, env);
  const analytics = readAnalyticsConfig(env);
  const kafka = kafkaOf(env);
  if (databaseUrl !== null) return { databaseUrl, secretKeys: keys, kafka, analytics, close: () => Promise.resolve() };
  const secrets = await readSecrets(dataDir);
  const claimed = await claimDataDir(dataDir);
  try {
    const engine = await startEmbeddedPostgres({
      dir: join(claimed.path, 'postgres'),
      password: secrets.postgresPassword,
    });
    return {
      databaseUrl: engine.url,
      secretKeys: keys ?? decode(secrets.secretKey),
      kafka,
      analytics,
      async close() {
        await engine.stop();
        await claimed.release();
      },
    };
  } catch (error) {
    await claimed.release();
    throw error;
  }
}

/** One to look at, whether somebody works on it or not. */
export async function openAsItIs(env: Environment): Promise<Pick<Stopped, 'databaseUrl' | 'close'>> {
  const { databaseUrl, dataDir } = readConfig(variables, env);
  if (databaseUrl !== null || !(await isClaimed(dataDir))) return openStopped(env);
  return { ...(await findRunning(env)), close: () => Promise.resolve() };
}

function kafkaOf(env: Environment): KafkaBusOptions | null {
  if (!env['KAFKA_BROKERS']) return null;
  const target = readConfig(busConfig, env);
  const log = createLogger({ name: 'recovery', level: 'error' });
  return target.adapter === 'kafka' ? { ...target.kafka, clientId: 'aegis-recovery', log } : null;
}

function decode(text: string): Uint8Array[] {
  return [Buffer.from(text, 'base64')];
}

/** They are never in a backup: whoever finds one shall not find the key to it. */
async function readSecrets(dataDir: string) {
  const file = join(dataDir, 'secrets.json');
  await readFile(file).catch((error: unknown) => {
    throw new RecoveryError(
      `${file} is not there. Put the copy of it there that was kept apart from the backups, or set DATABASE_URL and AEGIS_SECRET_KEY.`,
      { cause: error },
    );
  });
  return readOrCreateSecrets(dataDir);
}
