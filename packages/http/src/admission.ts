import { ProblemError } from '@aegis/contracts/problems';
import { clientNetwork } from './client-address.ts';
import type { Exchange } from './exchange.ts';
import type { Authenticator, ForbiddenAttempt, RateLimiter, RateLimitVerdict } from './ports.ts';
import { ANONYMOUS, type Principal } from './principal.ts';
import type { Route } from './route.ts';

export interface AdmissionOptions {
  readonly authenticator: Authenticator;
  readonly rateLimiter: RateLimiter;
  /** Told of every 403 for want of a permission, for the audit log. Must not throw, and must bound what it keeps. */
  readonly onForbidden: (attempt: ForbiddenAttempt) => void;
}

/**
 * Decides whether a request may go on, before its body is read.
 *
 * @throws ProblemError `unauthenticated`, `rate_limited`, `forbidden`, `unavailable`
 */
export async function admit(
  exchange: Exchange,
  access: Route['access'],
  options: AdmissionOptions,
): Promise<Principal> {
  const principal = access === 'public' ? ANONYMOUS : await authenticate(exchange, options);
  count(exchange, principal, options.rateLimiter);
  authorize(exchange, principal, access, options);
  return principal;
}

async function authenticate(exchange: Exchange, options: AdmissionOptions): Promise<Principal> {
  const { authenticator, rateLimiter } = options;
  const { token } = exchange;
  if (token === undefined) return refuse(exchange, rateLimiter, 'send Authorization: Bearer <token or API key>');
  const known = authenticator.recall(token);
  if (known) return known;
  // An address that keeps sending bad credentials costs no further look-ups; those who are known go on unharmed.
  if (!authenticator.knows(token)) allow(exchange, rateLimiter.peek('address', clientNetwork(exchange.sourceIp)));
  try {
    return await authenticator.verify(token);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'unauthenticated') throw error;
    return refuse(exchange, rateLimiter, error.message);
  }
}

function refuse(exchange: Exchange, rateLimiter: RateLimiter, detail: string): never {
  allow(exchange, rateLimiter.take('address', clientNetwork(exchange.sourceIp)));
  throw new ProblemError('unauthenticated', detail);
}

function count(exchange: Exchange, principal: Principal, rateLimiter: RateLimiter): void {
  const credential = principal.keyId ?? principal.userId;
  if (credential !== null) allow(exchange, rateLimiter.take('credential', credential));
  else allow(exchange, rateLimiter.take('address', clientNetwork(exchange.sourceIp)));
}

function allow(exchange: Exchange, verdict: RateLimitVerdict): void {
  exchange.rateLimit = verdict;
  if (verdict.allowed) return;
  const detail = `at most ${verdict.limit} requests a minute`;
  throw new ProblemError('rate_limited', detail, [], verdict.resetSeconds);
}

function authorize(exchange: Exchange, principal: Principal, access: Route['access'], options: AdmissionOptions): void {
  if (access === 'public') return;
  const isOperator = principal.kind === 'operator';
  if (
    access === 'authenticated' ? !isOperator : access === 'operator' ? isOperator : principal.permissions.has(access)
  ) {
    return;
  }
  const { method, route } = exchange.request;
  const permission = access === 'authenticated' ? 'an account' : access;
  if (access !== 'authenticated') {
    const path = String(route?.path);
    options.onForbidden({ principal, permission: access, method, path, traceparent: exchange.traceparent });
  }
  throw new ProblemError(
    'forbidden',
    access === 'operator' ? 'only the operator may do this' : `this needs ${permission}`,
  );
}
