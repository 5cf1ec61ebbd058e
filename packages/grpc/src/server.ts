import { isIP } from 'node:net';
import { ConfigError } from '@aegis/runtime/config';
import type { Logger } from '@aegis/runtime/log';
import type { Readiness } from '@aegis/runtime/service';
import { Server } from '@grpc/grpc-js';
import type { Methods, ServiceContract } from './contract.ts';
import { serverCredentials } from './credentials.ts';
import { guardCalls } from './guard.ts';
import type { HandlerOf, HandlerOptions, StreamHandler, UnaryHandler } from './handlers.ts';
import { healthContract, healthHandlers } from './health.ts';
import { implementationOf, loggedDefinition } from './implementation.ts';
import type { TlsFiles } from './tls-config.ts';

/** An implementation: every method of the contract, by its name in camel case. */
export type Handlers<M extends Methods> = { readonly [K in keyof M]: HandlerOf<M[K]> };

export interface BoundService {
  readonly contract: ServiceContract<unknown>;
  readonly handlers: Readonly<Record<string, UnaryHandler | StreamHandler>>;
}

export interface GrpcServerOptions extends HandlerOptions {
  readonly name: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Null: plaintext, on loopback only unless `allowInsecure`. */
  readonly tls: TlsFiles | null;
  readonly allowInsecure?: boolean;
  readonly log: Logger;
  readonly services: readonly BoundService[];
  /** Answers the health protocol; default: serving until `stop`. */
  readonly readiness?: () => Promise<Readiness>;
  /** How long `stop` waits for calls in flight before it cuts them off. Default 10,000. */
  readonly stopTimeoutMs?: number;
}

export interface GrpcServer {
  /** `host:port` to reach it at. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Clients reconnect this often, which is how they find pods that were added since. */
const MAX_CONNECTION_AGE_MS = 5 * 60_000;

const CHANNEL_OPTIONS = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_connection_age_ms': MAX_CONNECTION_AGE_MS,
  'grpc.max_receive_message_length': 4 * 1024 * 1024,
};

/** Ties an implementation to its contract; the compiler checks that they fit. */
export function bind<M extends Methods>(contract: ServiceContract<M>, handlers: Handlers<M>): BoundService {
  return { contract, handlers: handlers as BoundService['handlers'] };
}

/** Listens and serves. A thrown ProblemError reaches the caller as such; any other error is logged and shown as `internal`. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { host, port, tls, log } = options;
  if (!tls && !options.allowInsecure && !isLoopback(host)) {
    throw new ConfigError(
      `gRPC without certificates listens on loopback only, not on ${host}: ` +
        'set GRPC_TLS_CERT, GRPC_TLS_KEY and GRPC_TLS_CA, or GRPC_ALLOW_INSECURE=true',
    );
  }
  const server = new Server({ ...CHANNEL_OPTIONS, interceptors: [guardCalls(tls?.allowedNames)] });
  let stopping = false;
  const serving = async () => !stopping && ((await options.readiness?.())?.ready ?? true);
  for (const { contract, handlers } of [...options.services, bind(healthContract, healthHandlers(serving))]) {
    server.addService(loggedDefinition(contract, log), implementationOf(contract, handlers, options));
  }
  const boundPort = await listen(server, `${host.includes(':') ? `[${host}]` : host}:${port}`, tls);
  const address = `${host}:${boundPort}`;
  log.info({ server: options.name, address, tls: tls !== null }, 'gRPC listening');
  return {
    address,
    stop: () => {
      stopping = true;
      return shutDown(server, options.stopTimeoutMs ?? 10_000, log);
    },
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

async function listen(server: Server, address: string, tls: TlsFiles | null): Promise<number> {
  const credentials = await serverCredentials(tls);
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

/** Lets calls in flight finish, within bounds. */
async function shutDown(server: Server, timeoutMs: number, log: Logger): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      log.warn({ timeoutMs }, 'gRPC calls in flight were cut off');
      server.forceShutdown();
      resolve();
    }, timeoutMs);
    server.tryShutdown((error) => {
      clearTimeout(timer);
      if (error) log.debug({ err: error }, 'gRPC server was not running');
      resolve();
    });
  });
}
