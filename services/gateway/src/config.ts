import { type GrpcSecurity, grpcSecurity, grpcTlsVariables } from '@aegis/grpc/tls-config';
import { address, type Environment, integer, list, port, readConfig, secretKeys, url } from '@aegis/runtime/config';
import { z } from 'zod';
import type { ServiceAddresses } from './clients.ts';
import { oidcSettings, oidcVariables } from './oidc-config.ts';
import type { IssuerSettings, OidcSettings } from './security/token-verifier.ts';

export interface GatewayConfig {
  readonly databaseUrl: string;
  readonly maxConnections: number;
  /** How long one statement may take; a request is refused as unavailable two seconds later at the latest. */
  readonly statementTimeoutMs: number;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** How many proxies stand in front, each of which adds to X-Forwarded-For. */
    readonly trustProxy: number;
  };
  readonly services: ServiceAddresses;
  /** Certificates of both directions, and where the other services ask. */
  readonly grpc: GrpcSecurity & { readonly host: string; readonly port: number };
  readonly identity: IdentityConfig;
}

export interface IdentityConfig {
  /** 32 bytes each, which encrypt the secrets the database keeps: the first does, all decrypt. */
  readonly secretKeys: readonly Uint8Array[];
  /** The age at which the keys that sign tokens are replaced; null: never. */
  readonly signingKeyDays: number | null;
  /** They create organisations; none: nobody may. Several, while one follows another. */
  readonly operatorKeys: readonly string[];
  readonly issuer: IssuerSettings;
  readonly oidc: OidcSettings | null;
  /** Life of an access token of the built-in issuer. */
  readonly tokenTtlSeconds: number;
  /** Requests a minute, of a credential and of an address without a valid one. */
  readonly perMinute: { readonly credential: number; readonly address: number };
}

const variables = z
  .object({
    DATABASE_URL: url(['postgres', 'postgresql']),
    DATABASE_MAX_CONNECTIONS: integer({ min: 2, max: 1_000 }, 10),
    DATABASE_STATEMENT_TIMEOUT_MS: integer({ min: 100, max: 600_000 }, 8_000),
    HOST: z.string().default('0.0.0.0'),
    PORT: port(8080),
    TRUST_PROXY: integer({ min: 0, max: 10 }, 0),
    GRPC_HOST: z.string().default('127.0.0.1'),
    GRPC_PORT: port(50_055),
    POLICY_GRPC_URL: address().default('127.0.0.1:50051'),
    APPROVAL_GRPC_URL: address().default('127.0.0.1:50052'),
    AUDIT_GRPC_URL: address().default('127.0.0.1:50053'),
    ANALYTICS_GRPC_URL: address().default('127.0.0.1:50054'),
    AEGIS_SECRET_KEY: secretKeys(),
    AEGIS_SIGNING_KEY_DAYS: integer({ min: 0, max: 3_650 }, 90),
    AEGIS_OPERATOR_KEY: list()
      .refine((keys) => keys.every((key) => key.length >= 16), 'must have at least 16 characters')
      .optional(),
    AEGIS_ISSUER: z.string().default('urn:aegis'),
    AEGIS_AUDIENCE: z.string().default('aegis-api'),
    AEGIS_TOKEN_TTL_SECONDS: integer({ min: 60, max: 86_400 }, 28_800),
    RATE_LIMIT_PER_MINUTE: integer({ min: 1, max: 1_000_000_000 }, 600_000),
    RATE_LIMIT_PER_MINUTE_ANONYMOUS: integer({ min: 1, max: 1_000_000_000 }, 600),
    ...oidcVariables,
    ...grpcTlsVariables,
  })
  .transform((env, context) => ({
    databaseUrl: env.DATABASE_URL,
    maxConnections: env.DATABASE_MAX_CONNECTIONS,
    statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
    http: { host: env.HOST, port: env.PORT, trustProxy: env.TRUST_PROXY },
    services: {
      policy: env.POLICY_GRPC_URL,
      approval: env.APPROVAL_GRPC_URL,
      audit: env.AUDIT_GRPC_URL,
      analytics: env.ANALYTICS_GRPC_URL,
    },
    grpc: { host: env.GRPC_HOST, port: env.GRPC_PORT, ...grpcSecurity(env, context) },
    identity: {
      secretKeys: env.AEGIS_SECRET_KEY,
      signingKeyDays: env.AEGIS_SIGNING_KEY_DAYS === 0 ? null : env.AEGIS_SIGNING_KEY_DAYS,
      operatorKeys: env.AEGIS_OPERATOR_KEY ?? [],
      issuer: { issuer: env.AEGIS_ISSUER, audience: env.AEGIS_AUDIENCE },
      oidc: oidcSettings(env, context),
      tokenTtlSeconds: env.AEGIS_TOKEN_TTL_SECONDS,
      perMinute: { credential: env.RATE_LIMIT_PER_MINUTE, address: env.RATE_LIMIT_PER_MINUTE_ANONYMOUS },
    },
  }));

/** Reads the environment. Throws ConfigError naming the variables at fault. */
export function readGatewayConfig(env: Environment): GatewayConfig {
  return readConfig(variables, env);
}
