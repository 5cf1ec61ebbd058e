import type { ServiceDefinition, handleServerStreamingCall } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';

/** The messages of one method; `stream` is true when the answer is a stream. */
export interface Method {
  readonly request: object;
  readonly response: object;
  readonly stream: boolean;
}

/** Names of the methods, without the index signature that the generated interfaces inherit. */
type MethodName<Definition> = keyof { [K in keyof Definition as string extends K ? never : K]: true } & string;

type MessagesOf<M> =
  M extends MethodDefinition<infer _RequestInput, infer _ResponseInput, infer Request, infer Response>
    ? { request: Request; response: Response }
    : never;

/** A streaming handler takes the call alone, a unary one also a callback. */
type IsStream<Handler> = Handler extends (...args: infer Args) => unknown
  ? Args['length'] extends Parameters<handleServerStreamingCall<object, object>>['length']
    ? true
    : false
  : never;

/** The methods of a service, by their name in camel case, from the two interfaces generated for it. */
export type MethodsOf<Definition, Handlers> = {
  readonly [K in MethodName<Definition> as Uncapitalize<K>]: MessagesOf<Definition[K]> & {
    readonly stream: K extends keyof Handlers ? IsStream<Handlers[K]> : never;
  };
};

export type Methods = Readonly<Record<string, Method>>;

/** A gRPC service: what travels, and (in the type alone) the shape of its methods. */
export interface ServiceContract<M> {
  /** Full name, such as `aegis.policy.v1.PolicyService`. */
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly methods?: M;
}

/** `CreateAgent`, as the .proto file has it, is `createAgent` in code. */
export function methodKey(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
