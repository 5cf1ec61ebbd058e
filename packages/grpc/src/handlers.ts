import { once } from 'node:events';
import { ProblemError } from '@aegis/contracts/problems';
import type { Logger } from '@aegis/runtime/log';
import { currentTraceparent } from '@aegis/runtime/tracing';
import type {
  Metadata,
  ServerUnaryCall,
  ServerWritableStream,
  handleServerStreamingCall,
  handleUnaryCall,
} from '@grpc/grpc-js';
import type { Method } from './contract.ts';
import { type CallStatus, statusOfProblem } from './errors.ts';

export interface CallContext {
  /** Aborted when the caller gives up or the deadline passes. */
  readonly signal: AbortSignal;
  readonly metadata: Metadata;
  /** W3C trace context of the call, for the rows and events it causes. */
  readonly traceparent: string | null;
}

/** One handler: a promise for a unary method, messages one after another for a stream. */
export type HandlerOf<M extends Method> = M['stream'] extends true
  ? (request: M['request'], context: CallContext) => AsyncIterable<M['response']>
  : (request: M['request'], context: CallContext) => Promise<M['response']>;

export interface HandlerOptions {
  readonly log: Logger;
  /** Recognises errors that are not a ProblemError but stand for one, such as a database that is down. */
  readonly problemOf?: (error: unknown) => ProblemError | null;
}

export type UnaryHandler = HandlerOf<{ request: object; response: object; stream: false }>;
export type StreamHandler = HandlerOf<{ request: object; response: object; stream: true }>;

export function unaryHandler(handle: UnaryHandler, options: HandlerOptions): handleUnaryCall<object, object> {
  return (call, callback) => {
    const { context, finish } = startCall(call);
    handle(call.request, context)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(failure(error, call, context, options)),
      )
      .finally(finish);
  };
}

export function streamHandler(
  handle: StreamHandler,
  options: HandlerOptions,
): handleServerStreamingCall<object, object> {
  return (call) => {
    const { context, finish } = startCall(call);
    send(call, handle(call.request, context), context.signal)
      .catch((error: unknown) => {
        if (!context.signal.aborted) call.emit('error', failure(error, call, context, options));
      })
      .finally(finish);
  };
}

/** Takes the next message only when the last one has left, so that a slow reader slows the source instead of filling memory. */
async function send(
  call: ServerWritableStream<object, object>,
  messages: AsyncIterable<object>,
  signal: AbortSignal,
): Promise<void> {
  for await (const message of messages) {
    signal.throwIfAborted();
    if (!call.write(message)) await once(call, 'drain', { signal });
  }
  call.end();
}

type Call = ServerUnaryCall<object, object> | ServerWritableStream<object, object>;

function startCall(call: Call): { context: CallContext; finish: () => void } {
  const controller = new AbortController();
  // The event also follows an ordinary end, which is no reason to abort anything.
  const cancel = () => controller.abort(new ProblemError('unavailable', 'the caller is gone'));
  call.once('cancelled', cancel);
  const [sent] = call.metadata.get('traceparent');
  const traceparent = currentTraceparent() ?? (typeof sent === 'string' ? sent : null);
  return {
    context: { signal: controller.signal, metadata: call.metadata, traceparent },
    finish: () => call.off('cancelled', cancel),
  };
}

function failure(error: unknown, call: Call, context: CallContext, { log, problemOf }: HandlerOptions): CallStatus {
  const problem = error instanceof ProblemError ? error : problemOf?.(error);
  const method = call.getPath();
  if (context.signal.aborted) log.debug({ err: error, method }, 'call abandoned');
  else if (!problem) log.error({ err: error, method }, 'call failed');
  else if (problem.status >= 500) log.warn({ err: error, method }, 'call failed');
  return statusOfProblem(problem ?? new ProblemError('internal', 'an unexpected fault; the log of the service has it'));
}
