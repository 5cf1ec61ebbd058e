import type { Permission } from '@aegis/contracts/permissions';
import { ProblemError } from '@aegis/contracts/problems';
import { createLogger } from '@aegis/runtime/log';
import { onTestFinished } from 'vitest';
import { createHttpApp, type HttpAppOptions } from '../src/app.ts';
import type { ForbiddenAttempt, RateLimitKind } from '../src/ports.ts';
import { OPERATOR, type Principal } from '../src/principal.ts';
import type { Route } from '../src/route.ts';
import { startHttpServer } from '../src/server.ts';

export const ORGANIZATION_ID = '5b8f0a52-6d3c-4b1e-9f57-0c2a4e6d8b10';

/** Someone whose token is the text `<name>`. */
export function person(name: string, ...permissions: Permission[]): Principal {
  return {
    ...OPERATOR,
    kind: 'user',
    organizationId: ORGANIZATION_ID,
    userId: name,
    actor: { type: 'human', id: name, role: null, authMethod: 'jwt' },
    permissions: new Set(permissions),
  };
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly logLines: string[];
  readonly forbidden: ForbiddenAttempt[];
  /** Requests counted, as `<kind> <id>`. */
  readonly counted: string[];
  stop(graceMs?: number): Promise<void>;
}

/** A listening server in front of `routes`, with credentials and counters in memory; the test's end stops it. */
export async function serveRoutes(
  routes: readonly Route[],
  principals: Readonly<Record<string, Principal>>,
  overrides: Partial<HttpAppOptions> = {},
): Promise<TestServer> {
  const logLines: string[] = [];
  const forbidden: ForbiddenAttempt[] = [];
  const counted: string[] = [];
  const verdict = { allowed: true, limit: 100, remaining: 99, resetSeconds: 60 };
  const app = createHttpApp({
    routes,
    log: createLogger({ name: 'test', level: 'debug', destination: { write: (line) => void logLines.push(line) } }),
    onForbidden: (attempt) => void forbidden.push(attempt),
    authenticator: {
      recall: (token) => principals[token],
      knows: () => false,
      verify: () => Promise.reject(new ProblemError('unauthenticated', 'unknown token')),
    },
    rateLimiter: {
      peek: () => verdict,
      take(kind: RateLimitKind, id: string) {
        counted.push(`${kind} ${id}`);
        return verdict;
      },
    },
    idempotency: { begin: () => Promise.reject(new Error('not used')) },
    ...overrides,
  });
  const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.stop(0));
  return { ...server, logLines, forbidden, counted };
}
