import { currentTraceparent } from '@aegis/runtime/tracing';
import {
  type ChannelOptions,
  Client,
  type ClientReadableStream,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { type Method, type Methods, type ServiceContract, methodKey } from './contract.ts';
import { channelCredentials } from './credentials.ts';
import { problemOfError } from './errors.ts';
import type { TlsFiles } from './tls-config.ts';

export interface CallOptions {
  /** Deadline of the call. Default 2,000 for unary calls; streams must say. */
  readonly timeoutMs?: number;
  /** Gives up the call when aborted. */
  readonly signal?: AbortSignal;
  /** Trace context to hand on when no span is active. */
  readonly traceparent?: string | null;
}

type StreamOptions = CallOptions & { readonly timeoutMs: number };

type ClientMethod<M extends Method> = M['stream'] extends true
  ? (request: M['request'], options: StreamOptions) => AsyncIterable<M['response']>
  : (request: M['request'], options?: CallOptions) => Promise<M['response']>;

/** The methods of the contract. Every error is a ProblemError; an aborted `signal` rejects with its reason. */
export type GrpcClient<M extends Methods> = { readonly [K in keyof M]: ClientMethod<M[K]> } & { close(): void };

export interface GrpcClientOptions {
  /** `host:port`; a name is resolved to all its addresses, and calls go to them in turn. */
  readonly address: string;
  readonly tls: TlsFiles | null;
}

const DEFAULT_TIMEOUT_MS = 2000;
/** What a stream may be ahead of its reader: with HTTP/2's 64 KiB an export waits for its reader at each chunk. */
const STREAM_WINDOW_BYTES = 256 * 1024;

type AnyMethod = MethodDefinition<object, object>;

/** A client that connects at its first call and again after every loss. */
export function createGrpcClient<M extends Methods>(
  contract: ServiceContract<M>,
  { address, tls }: GrpcClientOptions,
): GrpcClient<M> {
  const client = new Client(`dns:///${address}`, channelCredentials(tls), channelOptions(contract));
  const methods = Object.entries(contract.definition).map(([name, method]: [string, AnyMethod]) => [
    methodKey(name),
    method.responseStream
      ? (request: object, options: StreamOptions) => openStream(client, method, request, options)
      : (request: object, options: CallOptions = {}) => callUnary(client, method, request, options),
  ]);
  return Object.assign(Object.fromEntries(methods), { close: () => client.close() }) as GrpcClient<M>;
}

/** Reads are tried again when the connection fails under them; a write may have been done, so its caller decides. */
function channelOptions({ name, definition }: ServiceContract<unknown>): ChannelOptions {
  const reads = Object.keys(definition).filter((method) => /^(Get|List)[A-Z]/.test(method));
  const serviceConfig = {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [
      {
        name: reads.map((method) => ({ service: name, method })),
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: '0.05s',
          maxBackoff: '0.5s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  };
  return {
    'grpc.service_config': JSON.stringify(serviceConfig),
    'grpc-node.flow_control_window': STREAM_WINDOW_BYTES,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
    // A rolling upgrade replaces all replicas within the half minute for which addresses would be taken for good.
    'grpc.dns_min_time_between_resolutions_ms': 1_000,
    // How to call is said above, and not by whoever can write a TXT record.
    'grpc.service_config_disable_resolution': 1,
    // A proxy named in the environment is meant for the outside world.
    'grpc.enable_http_proxy': 0,
  };
}

function callUnary(client: Client, method: AnyMethod, request: object, options: CallOptions): Promise<object> {
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  options.signal?.throwIfAborted();
  const call = client.makeUnaryRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadataOf(options),
    { deadline: Date.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) },
    (error, response) => {
      if (error || !response) reject(error ? callError(error, method, options) : new Error('no response'));
      else resolve(response);
    },
  );
  const cancel = () => call.cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });
  return promise.finally(() => options.signal?.removeEventListener('abort', cancel));
}

async function* openStream(
  client: Client,
  method: AnyMethod,
  request: object,
  options: StreamOptions,
): AsyncGenerator<object> {
  options.signal?.throwIfAborted();
  const call: ClientReadableStream<object> = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadataOf(options),
    { deadline: Date.now() + options.timeoutMs },
  );
  const cancel = () => call.cancel();
  options.signal?.addEventListener('abort', cancel, { once: true });
  // Cancelling raises an error that nobody may be waiting for any more.
  call.on('error', () => undefined);
  try {
    yield* call as AsyncIterable<object>;
  } catch (error) {
    throw callError(error as ServiceError, method, options);
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    call.cancel();
  }
}

function metadataOf({ traceparent }: CallOptions): Metadata {
  const metadata = new Metadata();
  const context = currentTraceparent() ?? traceparent;
  if (context) metadata.set('traceparent', context);
  return metadata;
}

/** A ProblemError, or the reason of the caller's own signal. */
function callError(error: ServiceError, method: AnyMethod, { signal }: CallOptions): unknown {
  if (signal?.aborted) return signal.reason;
  // /aegis.policy.v1.PolicyService/GetAgent → policy
  return problemOfError(error, /^\/aegis\.(\w+)\./.exec(method.path)?.[1] ?? method.path);
}
