import { type GrpcSecurity, grpcSecurity, grpcTlsVariables } from '@aegis/grpc/tls-config';
import { type Environment, integer, port, readConfig, url } from '@aegis/runtime/config';
import { z } from 'zod';

export interface ApprovalConfig {
  readonly databaseUrl: string;
  readonly maxConnections: number;
  /** Longest time between two looks for requests whose time has run out, whatever is known of deadlines. */
  readonly expirySweepMs: number;
  readonly grpc: GrpcSecurity & { readonly host: string; readonly port: number };
}

const variables = z
  .object({
    DATABASE_URL: url(['postgres', 'postgresql']),
    DATABASE_MAX_CONNECTIONS: integer({ min: 2, max: 1_000 }, 10),
    APPROVAL_EXPIRY_SWEEP_MS: integer({ min: 10, max: 3_600_000 }, 30_000),
    GRPC_HOST: z.string().default('127.0.0.1'),
    GRPC_PORT: port(50_052),
    ...grpcTlsVariables,
  })
  .transform((env, context) => ({
    databaseUrl: env.DATABASE_URL,
    maxConnections: env.DATABASE_MAX_CONNECTIONS,
    expirySweepMs: env.APPROVAL_EXPIRY_SWEEP_MS,
    grpc: { host: env.GRPC_HOST, port: env.GRPC_PORT, ...grpcSecurity(env, context) },
  }));

/** Reads the environment. Throws ConfigError naming the variables at fault. */
export function readApprovalConfig(env: Environment): ApprovalConfig {
  return readConfig(variables, env);
}
