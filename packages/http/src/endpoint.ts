import { parse as parseQuery } from 'node:querystring';
import { ProblemError } from '@aegis/contracts/problems';
import { z } from 'zod';
import { admit, type AdmissionOptions } from './admission.ts';
import type { Exchange } from './exchange.ts';
import { executeOnce } from './idempotent.ts';
import { parseJsonBody } from './json-body.ts';
import type { IdempotencyStore } from './ports.ts';
import { isCsv, readCsvText, readJsonText } from './read-body.ts';
import { type ParsedRequest, RequestContext } from './request-context.ts';
import { idempotencyKey } from './request-headers.ts';
import type { Route } from './route.ts';
import { validate } from './validation.ts';

export interface EndpointOptions extends AdmissionOptions {
  readonly idempotency: IdempotencyStore;
}

const NOTHING = z.strictObject({});
const MAX_QUERY_PARAMETERS = 100;

/**
 * Takes one request through its route: credentials, rate limit, permission, parameters, body, idempotency, handler.
 * One function and not a chain of middlewares, because each link would cost every request a call and a closure.
 */
export async function serve(route: Route, exchange: Exchange, options: EndpointOptions): Promise<void> {
  try {
    const principal = await admit(exchange, route.access, options);
    const key = idempotencyMode(route) === 'none' ? null : idempotencyKey(exchange.request.get('idempotency-key'));
    const params = parseParams(route, exchange);
    const query = parseQueryString(route, exchange.request.url);
    const parsed = { params, query, ...(await parseBody(route, exchange)) };
    const execute = (seed?: string) => route.handle(new RequestContext(exchange, principal, parsed, key, seed));
    const reply =
      key !== null && idempotencyMode(route) === 'stored'
        ? await executeOnce(exchange, options.idempotency, { principal, key, body: parsed.received }, execute)
        : await execute();
    await exchange.send(reply);
  } catch (error) {
    await exchange.fail(error);
  }
}

function idempotencyMode(route: Route): 'stored' | 'resource' | 'none' {
  return route.method === 'post' ? (route.idempotency ?? 'stored') : 'none';
}

/** What cannot be an id cannot be found either. */
function parseParams(route: Route, exchange: Exchange): unknown {
  if (!route.params) return {};
  const given = Object.entries<string | string[]>(exchange.request.params).map(
    // A wildcard arrives in segments.
    ([name, value]) => [name, Array.isArray(value) ? value.join('/') : value] as const,
  );
  const result = route.params.safeParse(Object.fromEntries(given));
  if (!result.success) throw new ProblemError('not_found', 'nothing has this id');
  return result.data;
}

function parseQueryString(route: Route, url: string): unknown {
  const start = url.indexOf('?');
  if (start === -1 && !route.query) return {};
  const given =
    start === -1 ? {} : { ...parseQuery(url.slice(start + 1), '&', '=', { maxKeys: MAX_QUERY_PARAMETERS }) };
  for (const [name, value] of Object.entries(given)) {
    const message = Array.isArray(value) ? 'is given more than once' : value?.includes('\0') ? 'holds U+0000' : null;
    if (message) throw new ProblemError('invalid_request', `${name} ${message}`, [{ path: name, message }]);
  }
  return validate(route.query ?? NOTHING, given, 'query');
}

type ParsedBody = Pick<ParsedRequest, 'body' | 'numberSources'> & {
  /** The body before its schema filled in defaults. */
  readonly received: unknown;
};

const NO_BODY: ParsedBody = { body: undefined, numberSources: {}, received: undefined };

async function parseBody(route: Route, exchange: Exchange): Promise<ParsedBody> {
  if (route.method === 'get' || route.method === 'delete') return NO_BODY;
  if (route.csv && isCsv(exchange.request)) {
    const value = route.csv(await readCsvText(exchange.request));
    return { body: validate(route.body ?? NOTHING, value, 'body'), numberSources: {}, received: value };
  }
  const text = await readJsonText(exchange.request);
  if (text === '') {
    if (!route.body) return NO_BODY;
    const absent = route.body.safeParse(undefined);
    if (absent.success) return { ...NO_BODY, body: absent.data };
  }
  const { value, numberSources } = parseJsonBody(text);
  return { body: validate(route.body ?? NOTHING, value, 'body'), numberSources, received: value };
}
