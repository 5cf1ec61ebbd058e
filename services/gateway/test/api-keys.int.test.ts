import { randomUUID } from 'node:crypto';
import { route } from '@aegis/http/route';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { eventually } from '@aegis/testkit/eventually';
import { expect, test } from 'vitest';
import { apiKeySecret } from '../src/domain/identity/api-key-secret.ts';
import {
  AGENT_ID,
  type Answer,
  createOrganization,
  createPerson,
  type IdentityServer,
  type Person,
  recordedEvents,
  startIdentityServer,
  STRANGE_AGENT_ID,
  useIdentityServer,
} from './support/identity-server.ts';

const shared = useIdentityServer();
const SECRET = /^aegis_sk_[0-9A-Za-z]{49}$/;

async function createKey(
  server: IdentityServer,
  by: Person,
  body: object = {},
): Promise<{ id: string; secret: string }> {
  const answer = await server.call('POST', '/v1/api-keys', { as: by.token, body: { name: 'key', ...body } });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return { id: answer.body['id'] as string, secret: answer.body['secret'] as string };
}

const me = (server: IdentityServer, secret: string): Promise<Answer> => server.call('GET', '/v1/me', { as: secret });

test('a key is shown once, works, and lies nowhere in the database', async () => {
  const { server } = shared;
  const { id: organizationId, owner } = await createOrganization(server);
  const created = await server.call('POST', '/v1/api-keys', {
    as: owner.token,
    body: { name: 'CI', agentId: AGENT_ID },
  });
  expect(created.status).toBe(201);
  const { id, secret, prefix } = created.body as { id: string; secret: string; prefix: string };
  expect(secret).toMatch(SECRET);
  expect(secret.startsWith(prefix) && prefix.length).toBe(13);
  expect((await me(server, secret)).body).toMatchObject({
    kind: 'key',
    user: null,
    key: { id, name: 'CI', agentId: AGENT_ID },
    permissions: ['intents:write', 'intents:read', 'agents:read'],
  });
  const list = await server.call('GET', '/v1/api-keys', { as: owner.token });
  expect((await server.call('GET', String(created.headers.get('location')), { as: owner.token })).body).toEqual(
    (list.body['data'] as object[])[0],
  );
  expect(list.body['data']).toMatchObject([{ id, prefix, status: 'active', createdBy: owner.id, agentId: AGENT_ID }]);
  expect(JSON.stringify(list.body)).not.toContain(secret);
  const { rows } = await server.db.pool.query<{ row: string }>(
    'SELECT k::text AS row FROM api_keys k UNION SELECT o::text FROM outbox o',
  );
  expect(rows.map(({ row }) => row).join('\n')).not.toContain(secret);
  const [event] = (await recordedEvents(server, organizationId)).slice(-1);
  expect(event).toMatchObject({ type: 'key.created', actor: { id: owner.id }, data: { keyId: id, agentId: AGENT_ID } });
});

test('a revoked key is refused by every replica within five seconds, with a busy one too', async () => {
  const { server: here } = shared;
  const there = await startIdentityServer(shared.databaseUrl);
  const { id: organizationId, owner } = await createOrganization(here);
  const { id, secret } = await createKey(here, owner);
  expect((await me(there, secret)).status).toBe(200);
  expect((await here.call('DELETE', `/v1/api-keys/${id}`, { as: owner.token })).status).toBe(204);
  // Asking all the time must not keep the old answer alive.
  await eventually(async () => (await me(there, secret)).status === 401, { timeoutMs: 5_000 });
  await eventually(async () => (await me(here, secret)).status === 401, { timeoutMs: 5_000 });
  expect((await here.call('DELETE', `/v1/api-keys/${id}`, { as: owner.token })).status).toBe(204);
  const revocations = (await recordedEvents(here, organizationId)).filter((event) => event.type === 'key.revoked');
  const [created] = (await recordedEvents(here, organizationId)).filter((event) => event.type === 'key.created');
  expect(revocations).toMatchObject([
    {
      data: {
        beforeSha256: created?.data['afterSha256'],
        afterSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        changes: [{ field: 'revokedAt', before: 'null', after: expect.stringContaining('Z') }],
      },
    },
  ]);
});

test('rotation gives a key that may do the same; the old one ends with the overlap', async () => {
  const { server } = shared;
  const { id: organizationId, owner } = await createOrganization(server);
  const old = await createKey(server, owner, { scopes: ['policies:read', 'agents:read'] });
  const rotate = (id: string, body?: object) =>
    server.call('POST', `/v1/api-keys/${id}/rotate`, { as: owner.token, body });
  const rotated = await rotate(old.id);
  expect(rotated.body).toMatchObject({ scopes: ['policies:read', 'agents:read'], expiresAt: null });
  const next = rotated.body as { id: string; secret: string };
  expect([(await me(server, old.secret)).status, (await me(server, next.secret)).status]).toEqual([200, 200]);
  const [event] = (await recordedEvents(server, organizationId)).slice(-1);
  const [created] = (await recordedEvents(server, organizationId)).filter(({ type }) => type === 'key.created');
  expect(event).toMatchObject({
    type: 'key.rotated',
    data: {
      keyId: next.id,
      replacedKeyId: old.id,
      beforeSha256: created?.data['afterSha256'],
      changes: [{ field: 'keyId', before: JSON.stringify(old.id), after: JSON.stringify(next.id) }],
    },
  });

  const last = (await rotate(next.id, { overlapMinutes: 0 })).body as { secret: string };
  await eventually(async () => (await me(server, next.secret)).status === 401, { timeoutMs: 5_000 });
  expect((await me(server, last.secret)).status).toBe(200);
  expect((await rotate(next.id)).body).toMatchObject({ status: 409, code: 'wrong_state' });
});

test('a key expires at its time, and cannot be made for a time that is over', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const past = { name: 'x', expiresAt: '2020-01-01T00:00:00Z' };
  expect((await server.call('POST', '/v1/api-keys', { as: owner.token, body: past })).body).toMatchObject({
    status: 400,
    errors: [{ path: 'expiresAt' }],
  });
  const { secret } = await createKey(server, owner, { expiresAt: new Date(Date.now() + 1_500).toISOString() });
  expect((await me(server, secret)).status).toBe(200);
  await eventually(async () => (await me(server, secret)).status === 401, { timeoutMs: 6_000 });
});

test('no key answers approvals or manages people, keys or the organization', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  for (const scope of ['approvals:respond', 'users:manage', 'keys:manage', 'org:manage']) {
    const refused = await server.call('POST', '/v1/api-keys', {
      as: owner.token,
      body: { name: 'x', scopes: [scope] },
    });
    expect(refused.body).toMatchObject({ status: 403, code: 'forbidden' });
  }
  const { secret } = await createKey(server, owner, { scopes: ['approvals:read', 'policies:write'] });
  expect((await server.call('POST', '/guarded/policies:write', { as: secret })).status).toBe(200);
  expect((await server.call('POST', '/guarded/approvals:respond', { as: secret })).status).toBe(403);
  for (const path of ['/v1/users', '/v1/api-keys']) {
    expect((await server.call('GET', path, { as: secret })).status).toBe(403);
  }
});

test("an agent's key has an agent's permissions and no more", async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const wide = { name: 'x', agentId: AGENT_ID, scopes: ['intents:write', 'policies:write'] };
  expect((await server.call('POST', '/v1/api-keys', { as: owner.token, body: wide })).status).toBe(403);
  const strange = await server.call('POST', '/v1/api-keys', {
    as: owner.token,
    body: { name: 'x', agentId: STRANGE_AGENT_ID },
  });
  expect(strange.body).toMatchObject({ status: 422, code: 'unknown_agent' });
  const { secret } = await createKey(server, owner, { agentId: AGENT_ID });
  expect((await server.call('POST', '/guarded/intents:write', { as: secret })).body).toEqual({ agentId: AGENT_ID });
  for (const permission of ['policies:write', 'approvals:respond']) {
    expect((await server.call('POST', `/guarded/${permission}`, { as: secret })).status).toBe(403);
  }
});

test('a key never does more than its maker, neither when it is made, nor rotated, nor after a demotion', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const developer = await createPerson(server, owner, 'developer');
  const beyond = { name: 'x', scopes: ['intents:write', 'audit:export'] };
  expect((await server.call('POST', '/v1/api-keys', { as: developer.token, body: beyond })).status).toBe(403);
  const wide = await createKey(server, owner, { scopes: ['audit:export'] });
  const rotated = await server.call('POST', `/v1/api-keys/${wide.id}/rotate`, { as: developer.token });
  expect(rotated.body).toMatchObject({ status: 403, code: 'forbidden' });

  const { secret } = await createKey(server, developer, { scopes: ['intents:write', 'policies:read'] });
  const write = async () => (await server.call('POST', '/guarded/intents:write', { as: secret })).status;
  expect(await write()).toBe(200);
  await server.call('PATCH', `/v1/users/${developer.id}`, { as: owner.token, body: { roles: ['viewer'] } });
  await eventually(async () => (await write()) === 403, { timeoutMs: 5_000 });
  expect((await me(server, secret)).body).toMatchObject({ permissions: ['policies:read'] });
  await server.call('PATCH', `/v1/users/${developer.id}`, { as: owner.token, body: { status: 'disabled' } });
  await eventually(async () => (await me(server, secret)).status === 401, { timeoutMs: 5_000 });
});

test('what is no key is refused: mistyped without a look-up, unknown, or made up', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const { secret } = await createKey(server, owner);
  const flipped = secret.slice(0, -1) + (secret.endsWith('a') ? 'b' : 'a');
  expect((await me(server, flipped)).body).toMatchObject({ status: 401, detail: expect.stringContaining('mistyped') });
  for (const wrong of [apiKeySecret(new Uint8Array(32)), 'aegis_sk_', 'nonsense', 'a.b.c', `${secret}x`]) {
    expect((await me(server, wrong)).status).toBe(401);
  }
});

test("another organization's key is as if it did not exist", async () => {
  const { server } = shared;
  const [one, two] = [await createOrganization(server), await createOrganization(server)];
  const { id, secret } = await createKey(server, two.owner);
  const missing = `key_${randomUUID().replaceAll('-', '')}`;
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/rotate'],
    ['DELETE', ''],
  ] as const) {
    const answers = await Promise.all(
      [id, missing].map((key) => server.call(method, `/v1/api-keys/${key}${path}`, { as: one.owner.token })),
    );
    expect(answers.map(({ status, body }) => [status, body['detail']])).toEqual([
      [404, 'no such key'],
      [404, 'no such key'],
    ]);
  }
  expect((await me(server, secret)).status).toBe(200);
  expect((await server.call('GET', '/v1/api-keys', { as: one.owner.token })).body['data']).toEqual([]);
});

test('the database itself hides other organizations from a query that forgets to say which', async () => {
  const { server } = shared;
  const [one, two] = [await createOrganization(server), await createOrganization(server)];
  await createKey(server, two.owner);
  for (const table of ['users', 'api_keys', 'idempotency_keys']) {
    const foreign = await server.db.read({ organizationId: one.id }, (tx) =>
      tx.query(`SELECT FROM ${table} WHERE organization_id = $1`, [two.id]),
    );
    expect(foreign.rowCount).toBe(0);
  }
  const all = await server.db.read(ALL_ORGANIZATIONS, (tx) =>
    tx.query('SELECT FROM organizations WHERE id IN ($1, $2)', [one.id, two.id]),
  );
  const own = await server.db.read({ organizationId: one.id }, (tx) => tx.query('SELECT FROM organizations'));
  expect([all.rowCount, own.rowCount]).toEqual([2, 1]);
});

test('creating a key twice with one Idempotency-Key makes one key, and does not show its secret again', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const create = (name: string) =>
    server.call('POST', '/v1/api-keys', { as: owner.token, body: { name }, headers: { 'idempotency-key': 'one' } });
  expect((await create('a')).status).toBe(201);
  expect((await create('a')).body).toMatchObject({ status: 409, code: 'secret_already_shown' });
  expect((await create('b')).body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  expect((await server.call('GET', '/v1/api-keys', { as: owner.token })).body['pagination']).toMatchObject({
    total: 1,
  });
  const { rows } = await server.db.pool.query('SELECT answer FROM idempotency_keys WHERE answer::text LIKE $1', [
    '%aegis_sk_%',
  ]);
  expect(rows).toEqual([]);
});

test('no secret is ever in a log line, whatever happens to it', async () => {
  const failing = route({
    method: 'get',
    path: '/fail',
    operationId: 'fail',
    tag: 'test',
    summary: 'fail',
    access: 'authenticated',
    responses: {},
    handle: () => Promise.reject(new Error(`refused ${secret}`)),
  });
  const server = await startIdentityServer(shared.databaseUrl, { routes: [failing] });
  const { owner } = await createOrganization(server);
  const { secret } = await createKey(server, owner);
  const canaries = [secret, owner.token, 'canary-password-4711'];
  await me(server, secret);
  await server.call('GET', `/v1/me?key=${secret}`, { as: secret });
  await server.call('POST', '/v1/api-keys', { as: secret, body: { name: secret } });
  await server.call('POST', '/v1/auth/token', { body: { email: owner.email, password: 'canary-password-4711' } });
  await server.call('POST', '/v1/auth/token', {
    body: { email: owner.email, password: 'canary-password-4711', x: secret },
  });
  expect((await server.call('GET', '/fail', { as: secret })).status).toBe(500);
  const log = server.logLines.join('');
  expect(log).toContain('request failed');
  for (const canary of canaries) expect(log).not.toContain(canary);
});

test('the last use of a key is written, for many uses at once', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const other = await startIdentityServer(shared.databaseUrl, { touchIntervalMs: 50 });
  const { secret } = await createKey(server, owner);
  await me(other, secret);
  const used = await eventually(async () => {
    const list = await server.call('GET', '/v1/api-keys', { as: owner.token });
    const [key] = list.body['data'] as { lastUsedAt: string | null }[];
    return key?.lastUsedAt ?? false;
  });
  expect(Math.abs(Date.parse(String(used)) - Date.now())).toBeLessThan(10_000);
});
