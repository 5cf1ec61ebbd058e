import { randomUUID } from 'node:crypto';
import { ProblemError } from '@aegis/contracts/problems';
import { type Route, route } from '@aegis/http/route';
import { createLogger } from '@aegis/runtime/log';
import { eventually } from '@aegis/testkit/eventually';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createIdempotencyStore, type IdempotencyStoreDeps } from '../src/usecases/identity/idempotency-store.ts';
import {
  AGENT_ID,
  createOrganization,
  createPerson,
  type IdentityServer,
  PASSWORD,
  startIdentityServer,
  useIdentityServer,
} from './support/identity-server.ts';

/** Counts executions by name; the body says how one ends. */
const executions = new Map<string, string[]>();
const gates = new Map<string, PromiseWithResolvers<void>>();

const performBody = z.strictObject({
  name: z.string(),
  end: z.enum(['well', 'wrong_state', 'unavailable', 'crash', 'wait']).default('well'),
});

const perform: Route = route({
  method: 'post',
  path: '/perform/:id',
  operationId: 'perform',
  tag: 'test',
  summary: 'perform',
  access: 'intents:write',
  params: z.object({ id: z.string() }),
  body: performBody,
  responses: {},
  async handle({ body, idempotency }) {
    const seeds = executions.get(body.name) ?? [];
    executions.set(body.name, [...seeds, idempotency.seed]);
    if (body.end === 'wait') await gates.get(body.name)?.promise;
    if (body.end === 'crash') throw new TypeError('crashed');
    if (body.end === 'wrong_state' || body.end === 'unavailable') throw new ProblemError(body.end, 'no');
    return { status: 201, headers: { location: `/performed/${idempotency.seed}` }, body: { id: idempotency.seed } };
  },
});

const shared = useIdentityServer({ routes: [perform] });

interface Request {
  readonly as: string;
  readonly key: string;
  readonly body: object;
  readonly path?: string;
}

const send = (server: IdentityServer, { as, key, body, path = '/perform/1' }: Request) =>
  server.call('POST', path, { as, body, headers: { 'idempotency-key': key } });

test('a hundred concurrent requests with one key, over two replicas, execute once and get one answer', async () => {
  const { server: here } = shared;
  const there = await startIdentityServer(shared.databaseUrl, { routes: [perform] });
  const { owner } = await createOrganization(here);
  const request = { as: owner.token, key: 'k', body: { name: 'hundred' } };
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => send(index % 2 === 0 ? here : there, request)),
  );
  expect(executions.get('hundred')).toHaveLength(1);
  expect(
    new Set(answers.map(({ status, body, headers }) => JSON.stringify([status, body, headers.get('location')]))).size,
  ).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(99);
});

test('the same value in another order is the same request; another value, under the same key, is 422', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const request = { as: owner.token, key: 'k' };
  await send(server, { ...request, body: { name: 'order', end: 'well' } });
  expect(
    (await send(server, { ...request, body: { end: 'well', name: 'order' } })).headers.get('idempotency-replayed'),
  ).toBe('true');
  expect((await send(server, { ...request, body: { name: 'other', end: 'well' } })).body).toMatchObject({
    status: 422,
    code: 'idempotency_key_reused',
  });
  expect(executions.get('order')).toHaveLength(1);
});

test('a key is private to its organization, its person and its path', async () => {
  const { server } = shared;
  const [one, two] = [await createOrganization(server), await createOrganization(server)];
  const colleague = await createPerson(server, one.owner, 'admin');
  const body = { name: `private-${randomUUID()}` };
  const requests = [
    { as: one.owner.token },
    { as: colleague.token },
    { as: two.owner.token },
    { as: one.owner.token, path: '/perform/2' },
  ];
  const answers = [];
  for (const request of requests) answers.push(await send(server, { key: 'k', body, ...request }));
  expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, null, null, null]);
  expect(new Set(executions.get(body.name)).size).toBe(4);
});

test("an agent's keys share their answers, so that a rotated key does not repeat what the old one did", async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const create = () => server.call('POST', '/v1/api-keys', { as: owner.token, body: { name: 'x', agentId: AGENT_ID } });
  const secrets = [String((await create()).body['secret']), String((await create()).body['secret'])];
  const answers = [];
  for (const as of secrets) answers.push(await send(server, { as, key: 'k', body: { name: `agent-${owner.id}` } }));
  expect(answers[1]?.body).toEqual(answers[0]?.body);
  expect(executions.get(`agent-${owner.id}`)).toHaveLength(1);
});

test('who lost the permission sees no stored answer', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const person = await createPerson(server, owner, 'developer');
  const request = { as: person.token, key: 'k', body: { name: `lost-${owner.id}` } };
  expect((await send(server, request)).status).toBe(201);
  await server.call('PATCH', `/v1/users/${person.id}`, { as: owner.token, body: { roles: ['viewer'] } });
  await eventually(async () => (await send(server, request)).status === 403, { timeoutMs: 5_000 });
  expect(executions.get(`lost-${owner.id}`)).toHaveLength(1);
});

test('a refusal of the operation is kept; a failure of ours is not, and what follows has the same seed', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  for (const [end, kept] of [
    ['wrong_state', true],
    ['unavailable', false],
    ['crash', false],
  ] as const) {
    const name = `${end}-${owner.id}`;
    const request = { as: owner.token, key: end, body: { name, end } };
    const [first, second] = [await send(server, request), await send(server, request)];
    expect(second.status).toBe(first.status);
    const seeds = executions.get(name) ?? [];
    expect([seeds.length, new Set(seeds).size]).toEqual([kept ? 1 : 2, 1]);
    if (kept) expect(second.body).toEqual(first.body);
  }
});

test('a repetition waits for the first execution to end, then gets its answer', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const name = `wait-${owner.id}`;
  const gate = Promise.withResolvers<void>();
  gates.set(name, gate);
  const request = { as: owner.token, key: 'k', body: { name, end: 'wait' } };
  const first = send(server, request);
  await eventually(() => executions.has(name));
  const second = send(server, request);
  gate.resolve();
  expect((await second).body).toEqual((await first).body);
  expect(executions.get(name)).toHaveLength(1);
});

function storeOf(server: IdentityServer, options: Partial<IdempotencyStoreDeps>) {
  return createIdempotencyStore({ db: server.db, log: createLogger({ name: 'test', level: 'silent' }), ...options });
}

function requestOf(organizationId: string) {
  return { organizationId, principal: 'p', method: 'POST', path: '/x', key: randomUUID(), bodySha256: 'a' };
}

test('a first execution that does not end is 409 in progress, for another replica too', async () => {
  const { server } = shared;
  const { id } = await createOrganization(server);
  const request = requestOf(id);
  const [one, other] = [storeOf(server, { waitMs: 100 }), storeOf(server, { waitMs: 100 })];
  await one.begin(request);
  for (const store of [one, other]) {
    await expect(store.begin(request)).rejects.toMatchObject({ code: 'idempotency_in_progress', retryAfterSeconds: 1 });
  }
});

test('after a crash between execution and answer the next request executes again, with the same seed', async () => {
  const { server } = shared;
  const { id } = await createOrganization(server);
  const request = requestOf(id);
  const crashed = await storeOf(server, { leaseMs: 50 }).begin(request);
  const survivor = await storeOf(server, { waitMs: 5_000 }).begin(request);
  expect([crashed.kind, survivor.kind]).toEqual(['claimed', 'claimed']);
  if (crashed.kind !== 'claimed' || survivor.kind !== 'claimed') return;
  expect(survivor.seed).toBe(crashed.seed);
  await survivor.complete({ status: 201, headers: {}, body: '"survivor"' });
  await crashed.complete({ status: 201, headers: {}, body: '"late"' });
  const replay = await storeOf(server, {}).begin(request);
  expect(replay).toMatchObject({ kind: 'replay', answer: { body: '"survivor"' } });
});

test('a user whose creation crashed before its answer is found, not made twice', async () => {
  const { server } = shared;
  const { id, owner } = await createOrganization(server);
  const body = { email: `${randomUUID()}@example.com`, name: 'X', password: PASSWORD, roles: ['viewer'] };
  const create = () => server.call('POST', '/v1/users', { as: owner.token, body, headers: { 'idempotency-key': 'u' } });
  const first = await create();
  const forget = `UPDATE idempotency_keys SET completed_at = NULL, answer = NULL, lease = NULL WHERE key = 'u' RETURNING 1`;
  expect((await server.db.tx({ organizationId: id }, (tx) => tx.query(forget))).rowCount).toBe(1);
  const second = await create();
  expect([second.status, second.body]).toEqual([201, first.body]);
  expect(second.headers.has('idempotency-replayed')).toBe(false);
  const list = await server.call('GET', '/v1/users', { as: owner.token });
  expect(list.body['pagination']).toMatchObject({ total: 2 });
});

test('answers past their time are forgotten and deleted in batches', async () => {
  const { server } = shared;
  const { id } = await createOrganization(server);
  const store = storeOf(server, { keepMs: 1 });
  const request = requestOf(id);
  const first = await store.begin(request);
  if (first.kind !== 'claimed') throw new Error('not claimed');
  await first.complete({ status: 201, headers: {}, body: '1' });
  const again = await eventually(async () => {
    const next = await store.begin({ ...request, bodySha256: 'another body' });
    return next.kind === 'claimed' && next;
  });
  expect(again).not.toMatchObject({ seed: first.seed });
  await eventually(async () => (await store.prune()) > 0);
  const left = await server.db.read({ organizationId: id }, (tx) =>
    tx.query('SELECT FROM idempotency_keys WHERE key = $1', [request.key]),
  );
  expect(left.rowCount).toBe(0);
});
