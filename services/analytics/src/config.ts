import { join } from 'node:path';
import { type GrpcSecurity, grpcSecurity, grpcTlsVariables } from '@aegis/grpc/tls-config';
import { type Environment, integer, port, readConfig, url } from '@aegis/runtime/config';
import { z } from 'zod';
import type { ClickHouseTarget } from './clickhouse.ts';

export interface AnalyticsConfig {
  /** The ClickHouse database that holds the facts. */
  readonly database: string;
  /** How long a batch of facts waits for company. */
  readonly lingerMs: number;
  /** Most facts in one insert. */
  readonly maxBatch: number;
  readonly grpc: GrpcSecurity & { readonly host: string; readonly port: number };
}

const variables = z
  .object({
    CLICKHOUSE_URL: url(['http', 'https']).optional(),
    CLICKHOUSE_DATABASE: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a plain lower-case name')
      .default('aegis_analytics'),
    AEGIS_DATA_DIR: z.string().default('.aegis'),
    ANALYTICS_LINGER_MS: integer({ min: 0, max: 10_000 }, 200),
    ANALYTICS_MAX_BATCH: integer({ min: 1, max: 100_000 }, 5_000),
    GRPC_HOST: z.string().default('127.0.0.1'),
    GRPC_PORT: port(50_054),
    ...grpcTlsVariables,
  })
  .transform((env, context) => ({
    clickhouse: env.CLICKHOUSE_URL ? { url: env.CLICKHOUSE_URL } : { dataDir: join(env.AEGIS_DATA_DIR, 'clickhouse') },
    database: env.CLICKHOUSE_DATABASE,
    lingerMs: env.ANALYTICS_LINGER_MS,
    maxBatch: env.ANALYTICS_MAX_BATCH,
    grpc: { host: env.GRPC_HOST, port: env.GRPC_PORT, ...grpcSecurity(env, context) },
  }));

/** Reads the environment; `clickhouse` says what to connect to. Throws ConfigError naming the variables at fault. */
export function readAnalyticsConfig(env: Environment): AnalyticsConfig & { readonly clickhouse: ClickHouseTarget } {
  return readConfig(variables, env);
}
