import { randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '@aegis/contracts/permissions';
import { createHttpApp } from '@aegis/http/app';
import { type Route, route } from '@aegis/http/route';
import { startHttpServer } from '@aegis/http/server';
import { createDatabase, type Database } from '@aegis/postgres/database';
import { systemClock } from '@aegis/runtime/clock';
import { createLogger } from '@aegis/runtime/log';
import { createTestDatabase } from '@aegis/testkit/test-database';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { composeIdentity, type IdentityDeps } from '../../src/identity.ts';
import { translateError } from '../../src/inbound/http/translate-error.ts';
import { gatewayMigrations } from '../../src/migrations.ts';
import { createPasswordHasher } from '../../src/security/password-hasher.ts';

export const OPERATOR_KEY = 'operator-key-for-tests-0123456789abcdef';
export const ISSUER = { issuer: 'urn:aegis:test', audience: 'aegis-test-api' };

/** An agent that exists in every organisation, and one that exists in none. */
export const AGENT_ID = '0d9c2f4e-7b1a-4c3d-8e5f-6a7b8c9d0e1f';
export const STRANGE_AGENT_ID = '1e8b3a5d-6c2f-4d1e-9f0a-7b6c5d4e3f2a';

export const SECRET_KEY = randomBytes(32);

export interface IdentityServer {
  readonly url: string;
  readonly db: Database;
  readonly logLines: string[];
  /** A request with a JSON body, under a token or key. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
}

export interface CallOptions {
  readonly as?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

type CleanUp = () => Promise<void>;

/**
 * One database and one replica for the tests of a file, which keep apart by making organizations of their own. Further
 * replicas come by `startIdentityServer(shared.databaseUrl)`.
 */
export function useIdentityServer(options: ServerOptions = {}): {
  readonly server: IdentityServer;
  readonly databaseUrl: string;
} {
  const started: { server?: IdentityServer; databaseUrl?: string } = {};
  const cleanUps: CleanUp[] = [];
  beforeAll(async () => {
    const database = await createTestDatabase({ migrations: [gatewayMigrations] });
    cleanUps.push(() => database.drop());
    started.databaseUrl = database.url;
    started.server = await startIdentityServer(database.url, options, (cleanUp) => cleanUps.push(cleanUp));
  });
  afterAll(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });
  return started as { server: IdentityServer; databaseUrl: string };
}

export interface ServerOptions extends Partial<
  Pick<IdentityDeps, 'oidc' | 'perMinute' | 'secretKeys' | 'tokenTtlSeconds' | 'touchIntervalMs'>
> {
  readonly routes?: readonly Route[];
}

/** One replica of the identity part behind a listening server, until the test's end. */
export async function startIdentityServer(
  databaseUrl: string,
  options: ServerOptions = {},
  onEnd: (cleanUp: CleanUp) => unknown = onTestFinished,
): Promise<IdentityServer> {
  const logLines: string[] = [];
  const log = createLogger({
    name: 'gateway',
    level: 'debug',
    destination: { write: (line) => void logLines.push(line) },
  });
  const { schema, role } = gatewayMigrations;
  const db = createDatabase({ url: databaseUrl, schema, role, log });
  const { routes = [], ...config } = options;
  const identity = await composeIdentity({
    secretKeys: [SECRET_KEY],
    signingKeyDays: null,
    operatorKeys: [OPERATOR_KEY],
    issuer: ISSUER,
    oidc: null,
    tokenTtlSeconds: 3_600,
    perMinute: { credential: 100_000, address: 100_000 },
    db,
    log,
    clock: systemClock,
    agents: { exists: (_caller, id) => id === AGENT_ID },
    policy: fakeSettings(),
    hasher: createPasswordHasher({ ln: 4, r: 8, p: 1 }),
    ...config,
  });
  const { authenticator, rateLimiter, idempotency, onForbidden } = identity;
  const app = createHttpApp({
    routes: [...identity.routes, ...guardedRoutes, ...routes],
    authenticator,
    rateLimiter,
    idempotency,
    onForbidden,
    translateError,
    log,
  });
  const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
  onEnd(async () => {
    await server.stop(0);
    await identity.stop();
    await db.close();
  });
  return { url: server.url, db, logLines, call: (method, path, call) => request(server.url + path, method, call) };
}

async function request(url: string, method: string, { as, body, headers }: CallOptions = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** Stand for routes of other parts, one a permission. */
const guardedRoutes: Route[] = (['approvals:respond', 'policies:write', 'intents:write'] as const).map((access) =>
  route({
    method: 'post',
    path: `/guarded/${access}`,
    operationId: access,
    tag: 'test',
    summary: access,
    access,
    idempotency: 'none',
    responses: {},
    handle: async ({ principal }) => ({ status: 200, body: { agentId: principal.agentId } }),
  }),
);

function fakeSettings(): IdentityDeps['policy'] {
  let settings = { baseCurrency: 'INR', timeZone: 'UTC', defaultAction: 'allow', fxMaxAgeHours: 96 };
  return {
    putOrganization: async ({ caller, ...given }) => {
      settings = { ...settings, ...(given as Partial<typeof settings>) };
      return { organizationId: caller?.organizationId ?? '', ...settings };
    },
    getOrganization: async ({ caller }) => ({ organizationId: caller?.organizationId ?? '', ...settings }),
  };
}

export const PASSWORD = 'correct horse battery staple';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly token: string;
}

export interface TestOrganization {
  readonly id: string;
  readonly owner: Person;
}

export async function createOrganization(server: IdentityServer): Promise<TestOrganization> {
  const email = `owner-${randomUUID()}@example.com`;
  const body = {
    name: 'Acme',
    baseCurrency: 'INR',
    timeZone: 'UTC',
    owner: { email, name: 'Olga', password: PASSWORD },
  };
  const created = await server.call('POST', '/v1/organizations', { as: OPERATOR_KEY, body });
  if (created.status !== 201) throw new Error(JSON.stringify(created.body));
  const { id } = created.body['owner'] as { id: string };
  const owner = { id, email, token: await logIn(server, email) };
  return { id: created.body['id'] as string, owner };
}

export async function createPerson(server: IdentityServer, by: Person, ...roles: Role[]): Promise<Person> {
  const email = `${roles.join('-') || 'nobody'}-${randomUUID()}@example.com`;
  const body = { email, name: 'Person', password: PASSWORD, roles };
  const created = await server.call('POST', '/v1/users', { as: by.token, body });
  if (created.status !== 201) throw new Error(JSON.stringify(created.body));
  return { id: created.body['id'] as string, email, token: await logIn(server, email) };
}

export async function logIn(server: IdentityServer, email: string, password = PASSWORD): Promise<string> {
  const answer = await server.call('POST', '/v1/auth/token', { body: { email, password } });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body['accessToken'] as string;
}

export interface RecordedEvent {
  readonly type: string;
  readonly organizationId: string;
  readonly actor: { readonly type: string; readonly id: string };
  readonly data: Record<string, unknown>;
}

/** What waits in the outbox of an organization, in order. */
export async function recordedEvents(server: IdentityServer, organizationId: string): Promise<RecordedEvent[]> {
  const { rows } = await server.db.pool.query<{ headers: string; value: string }>(
    `SELECT headers, value FROM outbox WHERE headers::json->>'ce_org' = $1 ORDER BY id`,
    [organizationId],
  );
  return rows.map(({ headers, value }) => {
    const attributes = JSON.parse(headers) as Record<string, string>;
    return {
      type: attributes['ce_type'] ?? '',
      organizationId: attributes['ce_org'] ?? '',
      actor: JSON.parse(attributes['ce_actor'] ?? '{}'),
      data: JSON.parse(value),
    };
  });
}
