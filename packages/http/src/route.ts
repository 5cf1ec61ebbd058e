import type { Permission } from '@aegis/contracts/permissions';
import type { z } from 'zod';
import type { Principal } from './principal.ts';

/**
 * What a handler answers. A string or bytes as `body` go out as they are, anything else as JSON. `stream` sends bytes as
 * they come; the status goes out before the first of them, so a handler that may fail early awaits its first chunk.
 */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly stream?: AsyncIterable<Uint8Array>;
  /** The body shows a secret: it is never stored for a repeated request, which is answered 409 `secret_already_shown`. */
  readonly secret?: boolean;
}

/** One request after authentication, permission, parsing and idempotency. */
export interface RouteContext<Body, Query, Params> {
  readonly principal: Principal;
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly sourceIp: string | null;
  /**
   * The client's Idempotency-Key, and the UUIDv7 reserved for what the request creates. A request that is executed
   * again after a crash gets the same seed, so a handler that finds its object in place answers with it.
   */
  readonly idempotency: { readonly key: string | null; readonly seed: string };
  /** Seconds of RFC 7240 `Prefer: wait`, 0 to 30. */
  readonly preferWaitSeconds: number;
  /** The source text of numbers that are members of the body itself, by name: `{ amount: '12.50' }`. */
  readonly numberSources: Readonly<Record<string, string>>;
  /** The `Range` header (RFC 9110); a route that does not honour it sends the whole. */
  readonly range: string | null;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export interface RouteResponse {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One endpoint: the router, the OpenAPI document and the tests all read this one value, so that what is served and what
 * is documented cannot differ.
 */
export interface Route<Body = unknown, Query = unknown, Params = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express form, such as `/v1/agents/:id`, or `/v1/audit/tile/*path`, whose parameter holds the rest of the path. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /**
   * `public` needs no credentials, `authenticated` those of any user or key, `operator` the operator's key; otherwise
   * the permission named.
   */
  readonly access: Permission | 'public' | 'authenticated' | 'operator';
  readonly body?: z.ZodType<Body>;
  /** Makes a `text/csv` body the value that `body` checks; without it JSON alone is taken. */
  readonly csv?: (text: string) => unknown;
  readonly query?: z.ZodType<Query>;
  readonly params?: z.ZodType<Params>;
  /** How a POST honours Idempotency-Key: by stored answers (default), by the resource itself, or not at all. */
  readonly idempotency?: 'stored' | 'resource' | 'none';
  /** A GET whose headers are known only once its work is begun: HEAD, which would do that for nothing, is refused. */
  readonly streams?: boolean;
  readonly responses: Readonly<Record<number, RouteResponse>>;
  handle(context: RouteContext<Body, Query, Params>): Promise<Reply>;
}

/** Keeps the types of body, query and parameters while a route joins a table of routes of any shape. */
export function route<Body, Query, Params>(definition: Route<Body, Query, Params>): Route {
  return definition;
}
