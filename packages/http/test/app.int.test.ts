import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { ProblemError } from '@aegis/contracts/problems';
import { eventually } from '@aegis/testkit/eventually';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { IdempotencyStore } from '../src/ports.ts';
import { OPERATOR } from '../src/principal.ts';
import { BODY_LIMIT_BYTES } from '../src/read-body.ts';
import { type Route, route } from '../src/route.ts';
import { startHttpServer } from '../src/server.ts';
import { person, serveRoutes } from './server-fixture.ts';

const CANARY = 'canary-7f3a';
const PEOPLE = { writer: person('writer', 'intents:write', 'intents:read'), reader: person('reader', 'intents:read') };
const common = { operationId: 'x', tag: 'x', summary: 'x', responses: {} };
const thing = z.strictObject({ name: z.string(), amount: z.number().optional(), data: z.unknown().optional() });

const routes: Route[] = [
  route({
    ...common,
    method: 'post',
    path: '/things',
    access: 'intents:write',
    body: thing,
    async handle({ body, numberSources }) {
      return { status: 201, body: { ...body, sources: numberSources }, headers: { Location: '/things/1' } };
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/things/:id',
    access: 'intents:read',
    params: z.strictObject({ id: z.string().regex(/^\d+$/) }),
    query: z.strictObject({ status: z.enum(['open', 'closed']).optional() }),
    async handle({ params, query, sourceIp }) {
      return { status: 200, body: { params, query, sourceIp } };
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/things/summary',
    access: 'intents:read',
    async handle() {
      return { status: 200, body: 'summary', headers: { 'content-type': 'text/plain' } };
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/boom',
    access: 'public',
    async handle() {
      throw new TypeError(`reached for ${CANARY}`);
    },
  }),
  route({
    ...common,
    method: 'post',
    path: '/operate',
    access: 'operator',
    async handle() {
      return { status: 204 };
    },
  }),
];

type Body = NonNullable<RequestInit['body']>;

function post(url: string, body: Body, headers: Record<string, string> = {}) {
  return fetch(`${url}/things`, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { authorization: 'Bearer writer', 'content-type': 'application/json', ...headers },
  });
}

async function problem(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ status: response.status, requestId: response.headers.get('x-request-id') });
  return body;
}

test('a good request reaches its handler, and the answer carries id, rate limit and security headers', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const response = await post(server.url, '{"name":"a","amount":1.50}', { 'x-request-id': 'mine-1' });
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({ name: 'a', amount: 1.5, sources: { amount: '1.50' } });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-request-id': 'mine-1',
    location: '/things/1',
    'content-type': 'application/json; charset=utf-8',
    'ratelimit-limit': '100',
    'ratelimit-remaining': '99',
    'ratelimit-reset': '60',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'cache-control': 'no-store',
  });
  expect(response.headers.has('x-powered-by')).toBe(false);
});

test('missing and bad credentials are 401 with WWW-Authenticate and count against the address', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const missing = await fetch(`${server.url}/things/1`);
  expect(await problem(missing)).toMatchObject({ status: 401, code: 'unauthenticated' });
  expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="aegis"');
  const bad = await fetch(`${server.url}/things/1`, { headers: { authorization: 'Bearer nobody' } });
  expect(bad.status).toBe(401);
  expect(bad.headers.get('www-authenticate')).toBe('Bearer realm="aegis", error="invalid_token"');
  expect(server.counted).toEqual(['address 127.0.0.1', 'address 127.0.0.1']);
});

test('a missing permission is 403, names it and is reported once', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const response = await post(server.url, '{"name":"a"}', { authorization: 'Bearer reader' });
  expect(await problem(response)).toMatchObject({ status: 403, code: 'forbidden', detail: 'this needs intents:write' });
  expect(server.forbidden).toMatchObject([{ permission: 'intents:write', method: 'POST', path: '/things' }]);
});

test('the operator reaches operator routes only, and nobody else does', async () => {
  const server = await serveRoutes(routes, { ...PEOPLE, root: OPERATOR });
  const as = (token: string, path: string, method: string) =>
    fetch(server.url + path, { method, headers: { authorization: `Bearer ${token}` } });
  expect((await as('root', '/operate', 'POST')).status).toBe(204);
  expect((await as('writer', '/operate', 'POST')).status).toBe(403);
  expect((await as('root', '/things/1', 'GET')).status).toBe(403);
});

test.each([
  ['no content type', '{"name":"a"}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  [
    'another charset',
    '{"name":"a"}',
    { 'content-type': 'application/json; charset=latin1' },
    415,
    'unsupported_media_type',
  ],
  ['an unknown encoding', '{"name":"a"}', { 'content-encoding': 'zstd' }, 415, 'unsupported_media_type'],
  ['an empty body', '', {}, 400, 'malformed_json'],
  ['broken JSON', '{"name":', {}, 400, 'malformed_json'],
  ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), {}, 400, 'malformed_json'],
  ['broken gzip', 'not gzip', { 'content-encoding': 'gzip' }, 400, 'malformed_json'],
  ['1,000 levels', `{"name":"a","data":${'['.repeat(1000)}${']'.repeat(1000)}}`, {}, 400, 'invalid_request'],
  ['an unknown field', '{"name":"a","orgId":"b"}', {}, 400, 'invalid_request'],
  ['a wrong Idempotency-Key', '{"name":"a"}', { 'idempotency-key': 'a b' }, 400, 'invalid_request'],
  ['one byte too many', `{"name":"${'a'.repeat(BODY_LIMIT_BYTES - 10)}"}`, {}, 413, 'payload_too_large'],
  ['five megabytes', `{"name":"${'a'.repeat(5_000_000)}"}`, {}, 413, 'payload_too_large'],
  [
    'a gzip bomb',
    gzipSync(`{"name":"${'a'.repeat(10_000_000)}"}`),
    { 'content-encoding': 'gzip' },
    413,
    'payload_too_large',
  ],
] as const)('%s is refused', async (_what, body, headers, status, code) => {
  const server = await serveRoutes(routes, PEOPLE);
  const response = await post(server.url, body as Body, headers);
  expect(await problem(response)).toMatchObject({ status, code });
});

test('a body of exactly the limit, and a compressed one, are accepted', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const full = `{"name":"${'a'.repeat(BODY_LIMIT_BYTES - 11)}"}`;
  expect(full).toHaveLength(BODY_LIMIT_BYTES);
  expect((await post(server.url, full)).status).toBe(201);
  expect((await post(server.url, gzipSync(full), { 'content-encoding': 'gzip' })).status).toBe(201);
  const chunked = new Blob(['{"name":', '"a"}']).stream();
  expect((await post(server.url, chunked)).status).toBe(201);
});

test('a chunked body over the limit is 413 although it declares no length', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const response = await post(server.url, new Blob(['"', 'a'.repeat(BODY_LIMIT_BYTES), '"']).stream());
  expect(await problem(response)).toMatchObject({ status: 413 });
});

test('unknown fields are answered with the allowed ones', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const body = await problem(await post(server.url, '{"name":"a","approvedBy":"me"}'));
  expect(body['errors']).toEqual([{ path: 'approvedBy', message: 'is not known here; allowed: name, amount, data' }]);
});

test('query parameters are checked: unknown, repeated and wrong ones are 400', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const get = (query: string) =>
    fetch(`${server.url}/things/1${query}`, { headers: { authorization: 'Bearer reader' } });
  expect(await (await get('?status=open')).json()).toMatchObject({ params: { id: '1' }, query: { status: 'open' } });
  expect(await problem(await get('?state=open'))).toMatchObject({
    errors: [{ path: 'state', message: 'is not known here; allowed: status' }],
  });
  expect(await problem(await get('?status=open&status=closed'))).toMatchObject({
    detail: 'status is given more than once',
  });
  expect(await problem(await get('?status=%00'))).toMatchObject({ status: 400 });
  expect(await problem(await get('?status=ajar'))).toMatchObject({ status: 400, errors: [{ path: 'status' }] });
});

test('what is not there is 404, a wrong method 405 with Allow, a bad encoding 400', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const as = (path: string, method = 'GET') =>
    fetch(server.url + path, { method, headers: { authorization: 'Bearer reader' } });
  expect(await problem(await as('/nothing'))).toMatchObject({ status: 404, code: 'not_found' });
  expect(await problem(await as('/things/abc'))).toMatchObject({ status: 404, code: 'not_found' });
  const wrong = await as('/things/1', 'DELETE');
  expect(await problem(wrong)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  expect(wrong.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  const options = await as('/things', 'OPTIONS');
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
  expect(await problem(await as('/things/%E0%A4%A'))).toMatchObject({ status: 400 });
});

test('a fixed path wins over a pattern that was registered before it', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const response = await fetch(`${server.url}/things/summary`, { headers: { authorization: 'Bearer reader' } });
  expect([await response.text(), response.headers.get('content-type')]).toEqual(['summary', 'text/plain']);
  const head = await fetch(`${server.url}/things/summary`, {
    method: 'HEAD',
    headers: { authorization: 'Bearer reader' },
  });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('HEAD of a stream is refused before anything of it is made', async () => {
  let made = 0;
  const stream = route({
    ...common,
    method: 'get',
    path: '/things/all',
    access: 'public',
    streams: true,
    async handle() {
      made += 1;
      return { status: 200, stream: Readable.from([Buffer.from('all')]) };
    },
  });
  const server = await serveRoutes([...routes, stream], PEOPLE);
  const head = await fetch(`${server.url}/things/all`, { method: 'HEAD' });
  expect([head.status, head.headers.get('allow'), made]).toEqual([405, 'GET, OPTIONS', 0]);
  expect([await (await fetch(`${server.url}/things/all`)).text(), made]).toEqual(['all', 1]);
});

test('an unforeseen fault is a 500 that tells nothing; the log tells all', async () => {
  const server = await serveRoutes(routes, PEOPLE);
  const response = await fetch(`${server.url}/boom`);
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toMatchObject([500, { code: 'internal' }]);
  expect(text).not.toMatch(new RegExp(`${CANARY}|TypeError|\\.ts`));
  expect(server.logLines.join('')).toContain(CANARY);
});

test('X-Forwarded-For changes the counted address only behind a trusted proxy', async () => {
  const direct = await serveRoutes(routes, PEOPLE);
  const proxied = await serveRoutes(routes, PEOPLE, { trustProxy: 1 });
  for (const server of [direct, proxied]) {
    await fetch(`${server.url}/things/1`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    await fetch(`${server.url}/things/1`, { headers: { 'x-forwarded-for': '2001:db8:1:2:3:4:5:6' } });
  }
  expect(direct.counted).toEqual(['address 127.0.0.1', 'address 127.0.0.1']);
  expect(proxied.counted).toEqual(['address 203.0.113.9', 'address 2001:db8:1:2']);
});

test('an exhausted limit is 429 with Retry-After, before the body is read', async () => {
  const spent = { allowed: false, limit: 5, remaining: 0, resetSeconds: 42 };
  const server = await serveRoutes(routes, PEOPLE, { rateLimiter: { take: () => spent, peek: () => spent } });
  const response = await post(server.url, 'not even JSON');
  expect(await problem(response)).toMatchObject({ status: 429, code: 'rate_limited' });
  expect([response.headers.get('retry-after'), response.headers.get('ratelimit-remaining')]).toEqual(['42', '0']);
});

test('a repeated request is replayed, a failed one is released', async () => {
  const calls: string[] = [];
  const idempotency: IdempotencyStore = {
    async begin({ key, bodySha256, principal, path }) {
      calls.push(`begin ${principal} ${path} ${bodySha256.length}`);
      if (key === 'old')
        return { kind: 'replay', answer: { status: 201, headers: { location: '/x' }, body: '{"a":1}' } };
      return {
        kind: 'claimed',
        seed: 'seed',
        complete: async (answer) => void calls.push(`complete ${JSON.stringify(answer)}`),
        release: async () => void calls.push('release'),
      };
    },
  };
  const failing = route({
    ...common,
    method: 'post',
    path: '/fail',
    access: 'intents:write',
    body: z.strictObject({ status: z.enum(['wrong_state', 'unavailable']) }),
    handle: ({ body }) => Promise.reject(new ProblemError(body.status, 'no')),
  });
  const server = await serveRoutes([...routes, failing], PEOPLE, { idempotency });
  const replayed = await post(server.url, '{"name":"a"}', { 'idempotency-key': 'old' });
  expect(replayed.headers.get('idempotency-replayed')).toBe('true');
  expect([replayed.status, replayed.headers.get('location'), await replayed.text()]).toEqual([201, '/x', '{"a":1}']);
  for (const status of ['wrong_state', 'unavailable']) {
    await fetch(`${server.url}/fail`, {
      method: 'POST',
      headers: { authorization: 'Bearer writer', 'content-type': 'application/json', 'idempotency-key': 'new' },
      body: JSON.stringify({ status }),
    });
  }
  expect(calls[0]).toBe('begin writer /things 64');
  expect(calls[2]).toMatch(/^complete .*"status":409.*wrong_state/);
  expect(calls[4]).toBe('release');
});

test('a stream that breaks cuts the connection, so that nobody takes the part for the whole', async () => {
  const broken = route({
    ...common,
    method: 'get',
    path: '/stream',
    access: 'public',
    async handle() {
      async function* chunks() {
        yield Buffer.from('first');
        throw new Error('lost');
      }
      return { status: 200, stream: chunks(), headers: { 'content-type': 'text/plain' } };
    },
  });
  const server = await serveRoutes([broken], PEOPLE);
  const response = await fetch(`${server.url}/stream`);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

test('the handler learns that its client has gone', async () => {
  const seen = { reached: false, aborted: false };
  const waiting = route({
    ...common,
    method: 'get',
    path: '/wait',
    access: 'public',
    async handle({ signal }) {
      seen.reached = true;
      await once(signal, 'abort');
      seen.aborted = true;
      return { status: 204 };
    },
  });
  const server = await serveRoutes([waiting], PEOPLE);
  const client = new AbortController();
  const answer = fetch(`${server.url}/wait`, { signal: client.signal });
  await eventually(() => seen.reached);
  client.abort();
  await expect(answer).rejects.toThrow();
  await eventually(() => seen.aborted);
});

test('stopping finishes what is in flight, refuses newcomers, and ends idle connections at once', async () => {
  const gate = Promise.withResolvers<void>();
  let reached = false;
  const slow = route({
    ...common,
    method: 'get',
    path: '/slow',
    access: 'public',
    async handle() {
      reached = true;
      await gate.promise;
      return { status: 200, body: 'done', headers: { 'content-type': 'text/plain' } };
    },
  });
  const server = await serveRoutes([slow], PEOPLE);
  const answer = fetch(`${server.url}/slow`);
  await eventually(() => reached);
  const stopped = server.stop();
  const newcomer = connect(server.port, '127.0.0.1');
  await expect(once(newcomer, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  gate.resolve();
  expect(await (await answer).text()).toBe('done');
  await stopped;
});

test('stopping is bounded when a request never ends', async () => {
  let reached = false;
  const endless = route({
    ...common,
    method: 'get',
    path: '/endless',
    access: 'public',
    handle() {
      reached = true;
      return new Promise<never>(() => undefined);
    },
  });
  const server = await serveRoutes([endless], PEOPLE);
  const outcome = fetch(`${server.url}/endless`).then(
    () => 'answered',
    () => 'cut',
  );
  await eventually(() => reached);
  await server.stop(50);
  expect(await outcome).toBe('cut');
});

test('a port that is taken is said so', async () => {
  const server = await serveRoutes([], PEOPLE);
  await expect(startHttpServer(() => undefined, { host: '127.0.0.1', port: server.port })).rejects.toThrow(
    `cannot listen on 127.0.0.1:${server.port}: another process listens there; stop it or set PORT`,
  );
});
