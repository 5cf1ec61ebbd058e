import { z } from 'zod';
import { integer, oneOf, port } from './config.ts';
import { LOG_LEVELS } from './log.ts';

/** Variables that every process understands. */
export const runtimeConfig = z
  .object({
    LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
    METRICS_HOST: z.string().default('0.0.0.0'),
    METRICS_PORT: port(9464),
    SHUTDOWN_TIMEOUT_MS: integer({ min: 100, max: 600_000 }, 25_000),
  })
  .transform((env) => ({
    logLevel: env.LOG_LEVEL,
    metricsHost: env.METRICS_HOST,
    metricsPort: env.METRICS_PORT,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_MS,
  }));

export type RuntimeConfig = z.output<typeof runtimeConfig>;
