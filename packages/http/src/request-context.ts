import { v7 } from 'uuid';
import type { Exchange } from './exchange.ts';
import type { Principal } from './principal.ts';
import { preferredWaitSeconds } from './request-headers.ts';
import type { RouteContext } from './route.ts';

export interface ParsedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly numberSources: Readonly<Record<string, string>>;
}

/** What a handler receives. Whatever costs something and is rarely wanted is made when it is asked for. */
export class RequestContext implements RouteContext<unknown, unknown, unknown> {
  readonly principal: Principal;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly numberSources: Readonly<Record<string, string>>;
  readonly idempotency: { readonly key: string | null; readonly seed: string };
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, principal: Principal, parsed: ParsedRequest, key: string | null, seed?: string) {
    this.#exchange = exchange;
    this.principal = principal;
    this.params = parsed.params;
    this.query = parsed.query;
    this.body = parsed.body;
    this.numberSources = parsed.numberSources;
    this.idempotency = new Seed(key, seed);
  }

  get requestId(): string {
    return this.#exchange.requestId;
  }

  get traceparent(): string | null {
    return this.#exchange.traceparent;
  }

  get sourceIp(): string | null {
    return this.#exchange.sourceIp;
  }

  get preferWaitSeconds(): number {
    return preferredWaitSeconds(this.#exchange.request.get('prefer'));
  }

  get range(): string | null {
    return this.#exchange.request.get('range') ?? null;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal;
  }
}

class Seed {
  readonly key: string | null;
  #seed: string | undefined;

  constructor(key: string | null, seed: string | undefined) {
    this.key = key;
    this.#seed = seed;
  }

  get seed(): string {
    this.#seed ??= v7();
    return this.#seed;
  }
}
