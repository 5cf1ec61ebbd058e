import { ProblemError } from '@aegis/contracts/problems';
import { httpRequests } from '@aegis/runtime/domain-metrics';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { clientNetwork } from './client-address.ts';
import { type EndpointOptions, serve } from './endpoint.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import type { Route } from './route.ts';

export interface HttpAppOptions extends EndpointOptions, ExchangeOptions {
  readonly routes: readonly Route[];
  /**
   * Which proxies' X-Forwarded-For is believed: the count of proxies in front, or their networks. Default: none, so
   * that nobody chooses the address they are limited by.
   */
  readonly trustProxy?: number | readonly string[];
}

/** The application that serves a table of routes; answers every fault, foreseen or not, with problem+json. */
export function createHttpApp(options: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', options.trustProxy ?? false);
  app.set('case sensitive routing', true);
  for (const [path, routes] of byPath(options.routes)) mount(app, path, routes, options);
  app.use((request, response) =>
    timed('none', new Exchange(request, response, options), (exchange) => notFound(exchange, options)),
  );
  // Express tells an error handler by its four parameters. What comes here failed before a route was found.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    new Exchange(request, response, options).fail(error),
  );
  return app;
}

function mount(app: Express, path: string, routes: readonly Route[], options: HttpAppOptions): void {
  const mounted = app.route(path);
  for (const route of routes) {
    mounted[route.method]((request, response) =>
      timed(path, new Exchange(request, response, options), (exchange) => serve(route, exchange, options)),
    );
  }
  const methods = routes.map((route) => route.method.toUpperCase());
  const streams = routes.some((route) => route.streams);
  const allow = [...methods, ...(methods.includes('GET') && !streams ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  const refuse = (request: Request, response: Response) =>
    timed(path, new Exchange(request, response, options), (exchange) => wrongMethod(exchange, allow));
  // Express would answer it with the handler of GET.
  if (streams) mounted.head(refuse);
  mounted.all(refuse);
}

/** Nginx's number for a client that left before it was answered. */
const CLIENT_GONE = 499;

/** Measures what becomes of a request; one of a client that left has no status of its own. */
async function timed(route: string, exchange: Exchange, work: (exchange: Exchange) => Promise<void>): Promise<void> {
  const begun = performance.now();
  await work(exchange);
  const { request, response } = exchange;
  const status = String(response.headersSent ? response.statusCode : CLIENT_GONE);
  httpRequests.record((performance.now() - begun) / 1_000, { method: request.method, route, status });
}

/** Fixed paths come before patterns that would swallow them; the order given decides among the rest. */
function byPath(routes: readonly Route[]): [string, Route[]][] {
  const groups = Map.groupBy(routes, (route) => route.path);
  const parameters = (path: string) => path.split('/:').length;
  return [...groups].toSorted(([a], [b]) => parameters(a) - parameters(b));
}

function wrongMethod(exchange: Exchange, allow: string): Promise<void> {
  exchange.response.setHeader('allow', allow);
  if (exchange.request.method === 'OPTIONS') return exchange.send({ status: 204 });
  return exchange.fail(new ProblemError('method_not_allowed', `this path takes ${allow}`));
}

function notFound(exchange: Exchange, { rateLimiter }: HttpAppOptions): Promise<void> {
  const verdict = rateLimiter.take('address', clientNetwork(exchange.sourceIp));
  exchange.rateLimit = verdict;
  const problem = verdict.allowed
    ? new ProblemError('not_found', 'there is nothing at this path')
    : new ProblemError('rate_limited', `at most ${verdict.limit} requests a minute`, [], verdict.resetSeconds);
  return exchange.fail(problem);
}
