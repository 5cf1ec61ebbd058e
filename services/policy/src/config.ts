import { type GrpcSecurity, grpcSecurity, grpcTlsVariables } from '@aegis/grpc/tls-config';
import { type Environment, integer, port, readConfig, url } from '@aegis/runtime/config';
import { z } from 'zod';

export interface PolicyConfig {
  readonly databaseUrl: string;
  readonly maxConnections: number;
  /** Intents of one agent that may wait for people at the same time; beyond it they are denied. */
  readonly maxOpenApprovals: number;
  readonly grpc: GrpcSecurity & { readonly host: string; readonly port: number };
}

const variables = z
  .object({
    DATABASE_URL: url(['postgres', 'postgresql']),
    DATABASE_MAX_CONNECTIONS: integer({ min: 2, max: 1_000 }, 10),
    POLICY_MAX_OPEN_APPROVALS: integer({ min: 1, max: 1_000_000 }, 1_000),
    GRPC_HOST: z.string().default('127.0.0.1'),
    GRPC_PORT: port(50_051),
    ...grpcTlsVariables,
  })
  .transform((env, context) => ({
    databaseUrl: env.DATABASE_URL,
    maxConnections: env.DATABASE_MAX_CONNECTIONS,
    maxOpenApprovals: env.POLICY_MAX_OPEN_APPROVALS,
    grpc: { host: env.GRPC_HOST, port: env.GRPC_PORT, ...grpcSecurity(env, context) },
  }));

/** Reads the environment. Throws ConfigError naming the variables at fault. */
export function readPolicyConfig(env: Environment): PolicyConfig {
  return readConfig(variables, env);
}
