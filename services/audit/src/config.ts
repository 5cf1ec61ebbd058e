import { type GrpcSecurity, grpcSecurity, grpcTlsVariables } from '@aegis/grpc/tls-config';
import { address, type Environment, integer, port, readConfig, url } from '@aegis/runtime/config';
import { z } from 'zod';
import { type SigningConfig, signingConfig, signingVariables } from './signing-config.ts';

export interface AuditConfig {
  readonly databaseUrl: string;
  readonly maxConnections: number;
  readonly grpc: GrpcSecurity & {
    readonly host: string;
    readonly port: number;
    /** How long calls in flight may go on after `stop`. */
    readonly stopTimeoutMs?: number;
  };
  readonly signing: SigningConfig;
  /** The commit that the program was built from; manifests tell it. */
  readonly codeCommit: string | null;
  /** What exports are compared with. */
  readonly populations: {
    /** `host:port` of the gateway; null: exports are not compared. */
    readonly gateway: string | null;
    /** How long what is under way may take to arrive. */
    readonly settleTimeoutMs: number;
  };
  readonly schedules: {
    /** Where scheduled exports are put; null: nothing can be scheduled. */
    readonly directory: string | null;
    readonly intervalMs: number;
    readonly leaseMs: number;
  };
  readonly checkpoints: {
    /** Where they are kept out of the database's reach; null: nowhere. */
    readonly directory: string | null;
    readonly intervalMs: number;
  };
}

/** A replica that is alive renews it three times as often. */
const EXPORT_LEASE_MS = 60_000;

const variables = z
  .object({
    DATABASE_URL: url(['postgres', 'postgresql']),
    DATABASE_MAX_CONNECTIONS: integer({ min: 2, max: 1_000 }, 10),
    GRPC_HOST: z.string().default('127.0.0.1'),
    GRPC_PORT: port(50_053),
    GATEWAY_GRPC_URL: address().optional(),
    AUDIT_SETTLE_SECONDS: integer({ min: 0, max: 600 }, 10),
    AUDIT_EXPORT_DIR: z.string().optional(),
    AUDIT_EXPORT_INTERVAL_SECONDS: integer({ min: 1, max: 3_600 }, 30),
    AUDIT_CHECKPOINT_DIR: z.string().optional(),
    AUDIT_CHECKPOINT_INTERVAL_SECONDS: integer({ min: 1, max: 86_400 }, 60),
    AEGIS_CODE_COMMIT: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, 'must be the hash of a commit')
      .optional(),
    ...signingVariables,
    ...grpcTlsVariables,
  })
  .transform((env, context) => ({
    databaseUrl: env.DATABASE_URL,
    maxConnections: env.DATABASE_MAX_CONNECTIONS,
    grpc: { host: env.GRPC_HOST, port: env.GRPC_PORT, ...grpcSecurity(env, context) },
    signing: signingConfig(env, context),
    codeCommit: env.AEGIS_CODE_COMMIT ?? null,
    populations: {
      gateway: env.GATEWAY_GRPC_URL ?? null,
      settleTimeoutMs: env.AUDIT_SETTLE_SECONDS * 1_000,
    },
    schedules: {
      directory: env.AUDIT_EXPORT_DIR ?? null,
      intervalMs: env.AUDIT_EXPORT_INTERVAL_SECONDS * 1_000,
      leaseMs: EXPORT_LEASE_MS,
    },
    checkpoints: {
      directory: env.AUDIT_CHECKPOINT_DIR ?? null,
      intervalMs: env.AUDIT_CHECKPOINT_INTERVAL_SECONDS * 1_000,
    },
  }));

/** Reads the environment. Throws ConfigError naming the variables at fault. */
export function readAuditConfig(env: Environment): AuditConfig {
  return readConfig(variables, env);
}
