import { type Environment, integer, list, port, readConfig, url } from '@aegis/runtime/config';
import { z } from 'zod';

const variables = z
  .object({
    AEGIS_DATA_DIR: z.string().default('.aegis'),
    PORT: port(8080),
    DATABASE_URL: url(['postgres', 'postgresql']).optional(),
    KAFKA_BROKERS: list().optional(),
    CLICKHOUSE_URL: url(['http', 'https']).optional(),
    AEGIS_SECRET_KEY: z.string().optional(),
    AEGIS_OPERATOR_KEY: z.string().optional(),
    AEGIS_POSTGRES_PORT: integer({ min: 1, max: 65_535 }).optional(),
  })
  .transform((env) => ({
    dataDir: env.AEGIS_DATA_DIR,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL ?? null,
    kafka: env.KAFKA_BROKERS !== undefined,
    clickhouse: env.CLICKHOUSE_URL !== undefined,
    secretKey: env.AEGIS_SECRET_KEY ?? null,
    operatorKey: env.AEGIS_OPERATOR_KEY ?? null,
    postgresPort: env.AEGIS_POSTGRES_PORT ?? null,
  }));

export type StandaloneConfig = z.output<typeof variables>;

/** What the composition itself reads; each service reads its own part of the same environment. */
export function readStandaloneConfig(env: Environment): StandaloneConfig {
  return readConfig(variables, env);
}
