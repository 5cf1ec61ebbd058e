import { flag, list } from '@aegis/runtime/config';
import { z } from 'zod';

/** PEM files for mutual TLS; with `allowedNames`, the only certificate names (DNS, else the common name) let in. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly allowedNames?: readonly string[];
  /** How often the files are read again. Default 60,000. */
  readonly refreshMs?: number;
}

const file = z.string().optional();

const variables = z.object({
  GRPC_TLS_CERT: file,
  GRPC_TLS_KEY: file,
  GRPC_TLS_CA: file,
  GRPC_TLS_ALLOWED_NAMES: list().optional(),
  GRPC_ALLOW_INSECURE: flag(false),
});

const FILES = ['GRPC_TLS_CERT', 'GRPC_TLS_KEY', 'GRPC_TLS_CA'] as const;

/** Variables of every service that speaks gRPC; spread into the schema, then passed to `readGrpcTls`. */
export const grpcTlsVariables = variables.shape;

export interface GrpcSecurity {
  readonly tls: TlsFiles | null;
  /** Lets a server without certificates listen beyond loopback. */
  readonly allowInsecure: boolean;
}

/** The three files go together: all of them, or none for plaintext. Used with `.transform` after the service's schema. */
export function grpcSecurity(values: z.output<typeof variables>, context: z.RefinementCtx): GrpcSecurity {
  const { GRPC_TLS_CERT, GRPC_TLS_KEY, GRPC_TLS_CA, GRPC_TLS_ALLOWED_NAMES, GRPC_ALLOW_INSECURE } = values;
  const allowInsecure = GRPC_ALLOW_INSECURE;
  if (GRPC_TLS_CERT && GRPC_TLS_KEY && GRPC_TLS_CA) {
    const files = { certFile: GRPC_TLS_CERT, keyFile: GRPC_TLS_KEY, caFile: GRPC_TLS_CA };
    return { tls: GRPC_TLS_ALLOWED_NAMES ? { ...files, allowedNames: GRPC_TLS_ALLOWED_NAMES } : files, allowInsecure };
  }
  for (const name of FILES) {
    const needed = FILES.some((other) => values[other]) || GRPC_TLS_ALLOWED_NAMES;
    if (needed && !values[name]) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `must be a PEM file, as ${FILES.join(', ')} go together`,
      });
    }
  }
  return { tls: null, allowInsecure };
}
