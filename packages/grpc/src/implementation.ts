import type { Logger } from '@aegis/runtime/log';
import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { type ServiceContract, methodKey } from './contract.ts';
import { type HandlerOptions, type StreamHandler, type UnaryHandler, streamHandler, unaryHandler } from './handlers.ts';

type AnyMethod = MethodDefinition<object, object>;

/** What grpc-js calls for each method of the contract. */
export function implementationOf(
  { name: service, definition }: ServiceContract<unknown>,
  handlers: Readonly<Record<string, UnaryHandler | StreamHandler>>,
  options: HandlerOptions,
): UntypedServiceImplementation {
  const implementation: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries<AnyMethod>(definition)) {
    const handler = handlers[methodKey(name)];
    if (!handler) throw new Error(`${service} has no handler for ${name}`);
    implementation[name] = method.responseStream
      ? streamHandler(handler as StreamHandler, options)
      : unaryHandler(handler as UnaryHandler, options);
  }
  return implementation;
}

/** grpc-js answers INTERNAL when a response does not fit its message, and tells nobody why; this definition logs it. */
export function loggedDefinition({ definition }: ServiceContract<unknown>, log: Logger): ServiceDefinition {
  const methods = Object.entries<AnyMethod>(definition).map(([name, method]) => {
    const responseSerialize = (response: object) => {
      try {
        return method.responseSerialize(response);
      } catch (error) {
        log.error({ err: error, method: method.path }, 'the response does not fit its message');
        throw error;
      }
    };
    return [name, { ...method, responseSerialize }] as const;
  });
  return Object.fromEntries(methods);
}
