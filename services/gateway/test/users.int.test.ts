import { randomUUID } from 'node:crypto';
import { eventually } from '@aegis/testkit/eventually';
import { expect, test } from 'vitest';
import {
  type Answer,
  createOrganization,
  createPerson,
  logIn,
  OPERATOR_KEY,
  PASSWORD,
  recordedEvents,
  startIdentityServer,
  useIdentityServer,
} from './support/identity-server.ts';

const shared = useIdentityServer();
const NEW_PASSWORD = 'a different long password';

test('an organization is created by the operator alone, with an owner who can log in', async () => {
  const { server } = shared;
  const { id, owner } = await createOrganization(server);
  const me = await server.call('GET', '/v1/me', { as: owner.token });
  expect(me.body).toMatchObject({
    kind: 'user',
    user: { id: owner.id },
    organization: { id, name: 'Acme' },
    roles: ['owner'],
  });
  const attempt = await server.call('POST', '/v1/organizations', { as: owner.token, body: {} });
  expect([attempt.status, attempt.body['code']]).toEqual([403, 'forbidden']);
  const events = await recordedEvents(server, id);
  expect(events.map((event) => event.type)).toEqual(['organization.created', 'user.created', 'auth.logged_in']);
  expect(events[0]).toMatchObject({ organizationId: id, actor: { id: 'operator' }, data: { baseCurrency: 'INR' } });
});

test('an organization whose creation is repeated with one Idempotency-Key is made once', async () => {
  const { server } = shared;
  const owner = { email: `${randomUUID()}@example.com`, name: 'Olga', password: PASSWORD };
  const body = { name: 'Twice', baseCurrency: 'USD', owner };
  const create = () =>
    server.call('POST', '/v1/organizations', { as: OPERATOR_KEY, body, headers: { 'idempotency-key': owner.email } });
  const [first, second] = [await create(), await create()];
  expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(JSON.stringify(first.body)).not.toContain(PASSWORD);
});

test("the operator's key opens nothing but the creation of organizations", async () => {
  const { server } = shared;
  for (const path of ['/v1/me', '/v1/users', '/v1/api-keys', '/v1/organization']) {
    expect((await server.call('GET', path, { as: OPERATOR_KEY })).status).toBe(403);
  }
  expect((await server.call('POST', '/v1/organizations', { as: `${OPERATOR_KEY}x`, body: {} })).status).toBe(401);
});

test('settings change by owner and admin, and each change is told whole', async () => {
  const { server } = shared;
  const { id, owner } = await createOrganization(server);
  const body = { name: 'Acme 2', timeZone: 'Asia/Kolkata', defaultAction: 'deny' };
  const updated = await server.call('PATCH', '/v1/organization', { as: owner.token, body });
  expect(updated.body).toMatchObject({ ...body, baseCurrency: 'INR' });
  expect((await server.call('GET', '/v1/organization', { as: owner.token })).body).toMatchObject(body);
  const [event] = (await recordedEvents(server, id)).slice(-1);
  expect(event).toMatchObject({ type: 'organization.updated', data: { name: 'Acme 2', timeZone: 'Asia/Kolkata' } });
  for (const wrong of [{ baseCurrency: 'XYZ' }, { timeZone: 'Mars/Olympus' }, {}, { id: randomUUID() }]) {
    expect((await server.call('PATCH', '/v1/organization', { as: owner.token, body: wrong })).status).toBe(400);
  }
});

test('nobody grants a role beyond their own, touches one above them, or changes themselves', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const admin = await createPerson(server, owner, 'admin');
  const user = (roles: string[]) => ({ email: `${randomUUID()}@example.com`, name: 'X', password: PASSWORD, roles });
  const create = (as: string, roles: string[]) => server.call('POST', '/v1/users', { as, body: user(roles) });
  const change = (as: string, id: string, body: object) => server.call('PATCH', `/v1/users/${id}`, { as, body });

  expect((await create(admin.token, ['finance'])).status).toBe(201);
  expect((await create(admin.token, ['owner'])).status).toBe(403);
  expect((await create(admin.token, ['viewer', 'owner'])).status).toBe(403);
  for (const body of [
    { roles: ['viewer'] },
    { status: 'disabled' },
    { password: NEW_PASSWORD },
    { name: 'X' },
    { email: 'x@example.com' },
  ]) {
    expect((await change(admin.token, owner.id, body)).status).toBe(403);
  }
  for (const body of [
    { roles: ['admin', 'owner'] },
    { roles: ['admin'] },
    { status: 'active' },
    { password: NEW_PASSWORD },
  ]) {
    expect((await change(admin.token, admin.id, body)).status).toBe(403);
  }
  expect((await change(admin.token, admin.id, { name: 'Ada' })).body).toMatchObject({ name: 'Ada', roles: ['admin'] });
  const roles = await server.call('GET', '/v1/roles', { as: admin.token });
  const grantable = (roles.body['data'] as { name: string; grantable: boolean }[]).filter((role) => role.grantable);
  expect(grantable.map((role) => role.name)).toEqual(['admin', 'finance', 'auditor', 'developer', 'viewer']);
});

test('an organization keeps an active owner, whoever unmakes whom at once', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const second = await createPerson(server, owner, 'owner');
  const demote = (as: string, id: string) =>
    server.call('PATCH', `/v1/users/${id}`, { as, body: { roles: ['viewer'] } });
  const answers = await Promise.all([demote(owner.token, second.id), demote(second.token, owner.id)] as const);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
  const survivor = answers[0].status === 200 ? owner : second;
  expect((await server.call('GET', '/v1/me', { as: survivor.token })).body).toMatchObject({ roles: ['owner'] });
});

test('a suspended person, and one with another password, is out on every replica within five seconds', async () => {
  const [here, there] = [shared.server, await startIdentityServer(shared.databaseUrl)];
  const { owner } = await createOrganization(here);
  const [suspended, renewed] = [await createPerson(here, owner, 'viewer'), await createPerson(here, owner, 'viewer')];
  const status = async (token: string) => (await there.call('GET', '/v1/me', { as: token })).status;
  expect([await status(suspended.token), await status(renewed.token)]).toEqual([200, 200]);

  await here.call('PATCH', `/v1/users/${suspended.id}`, { as: owner.token, body: { status: 'disabled' } });
  await here.call('PATCH', `/v1/users/${renewed.id}`, { as: owner.token, body: { password: NEW_PASSWORD } });
  await eventually(async () => (await status(suspended.token)) === 401, { timeoutMs: 5_000 });
  await eventually(async () => (await status(renewed.token)) === 401, { timeoutMs: 5_000 });
  expect(await status(await logIn(there, renewed.email, NEW_PASSWORD))).toBe(200);
  await here.call('PATCH', `/v1/users/${suspended.id}`, { as: owner.token, body: { status: 'active' } });
  await eventually(async () => (await status(await logIn(there, suspended.email))) === 200);
  expect(await status(suspended.token)).toBe(401);
});

test('a role that is taken away is gone on every replica within five seconds', async () => {
  const [here, there] = [shared.server, await startIdentityServer(shared.databaseUrl)];
  const { owner } = await createOrganization(here);
  const person = await createPerson(here, owner, 'finance');
  const respond = async () => (await there.call('POST', '/guarded/approvals:respond', { as: person.token })).status;
  expect(await respond()).toBe(200);
  await here.call('PATCH', `/v1/users/${person.id}`, { as: owner.token, body: { roles: ['viewer'] } });
  await eventually(async () => (await respond()) === 403, { timeoutMs: 5_000 });
});

test('a change of roles or status is told with what it was before, one of a name without the name', async () => {
  const { server } = shared;
  const { id, owner } = await createOrganization(server);
  const person = await createPerson(server, owner, 'finance');
  const changes = [{ roles: ['viewer'] }, { status: 'disabled' }, { name: 'Another Name' }];
  for (const body of changes) await server.call('PATCH', `/v1/users/${person.id}`, { as: owner.token, body });
  const events = (await recordedEvents(server, id)).filter(({ data }) => data['userId'] === person.id);
  expect(events.filter(({ type }) => type.startsWith('user.')).map(({ data }) => data['changes'])).toEqual([
    [
      { field: 'roles', before: null, after: '["finance"]' },
      { field: 'status', before: null, after: '"active"' },
    ],
    [{ field: 'roles', before: '["finance"]', after: '["viewer"]' }],
    [{ field: 'status', before: '"active"', after: '"disabled"' }],
    [],
  ]);
});

test('people change their own password by the current one, which ends their sessions', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const change = (currentPassword: string) =>
    server.call('POST', '/v1/me/password', { as: owner.token, body: { currentPassword, newPassword: NEW_PASSWORD } });
  expect((await change('not the password')).status).toBe(403);
  expect((await change(PASSWORD)).status).toBe(204);
  await expect(logIn(server, owner.email)).rejects.toThrow('unauthenticated');
  await logIn(server, owner.email, NEW_PASSWORD);
  await eventually(async () => (await server.call('GET', '/v1/me', { as: owner.token })).status === 401);
});

test('an e-mail address is unique in an organization whatever its case, and free in another', async () => {
  const { server } = shared;
  const [one, two] = [await createOrganization(server), await createOrganization(server)];
  const create = (as: string, email: string) =>
    server.call('POST', '/v1/users', { as, body: { email, name: 'X', password: PASSWORD, roles: [] } });
  expect((await create(one.owner.token, 'Ada@Example.com')).body).toMatchObject({
    email: 'ada@example.com',
    roles: [],
  });
  expect((await create(one.owner.token, 'aDA@example.COM')).body).toMatchObject({
    status: 409,
    code: 'already_exists',
  });
  expect((await create(two.owner.token, 'ada@example.com')).status).toBe(201);
});

test("another organization's user is as if it did not exist", async () => {
  const { server } = shared;
  const [one, two] = [await createOrganization(server), await createOrganization(server)];
  const strip = ({ status, body }: Answer) => [status, { ...body, requestId: null }];
  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', { name: 'X' }],
  ] as const) {
    const foreign = await server.call(method, `/v1/users/${two.owner.id}`, { as: one.owner.token, body });
    const missing = await server.call(method, `/v1/users/${randomUUID()}`, { as: one.owner.token, body });
    expect(strip(foreign)).toEqual(strip(missing));
    expect(foreign.status).toBe(404);
  }
  const list = await server.call('GET', '/v1/users', { as: one.owner.token });
  expect((list.body['data'] as { id: string }[]).map(({ id }) => id)).toEqual([one.owner.id]);
});

test('a list walks by cursor and by offset over the same users, and refuses what is no page', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  for (let count = 0; count < 4; count += 1) await createPerson(server, owner, 'viewer');
  const page = (query: string) => server.call('GET', `/v1/users?${query}`, { as: owner.token });
  const idsOf = ({ body }: { body: Record<string, unknown> }) => (body['data'] as { id: string }[]).map(({ id }) => id);
  const all = idsOf(await page(''));
  expect(all).toHaveLength(5);
  const walked: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await page(`limit=2${cursor && `&cursor=${cursor}`}`);
    const pagination = answer.body['pagination'] as { total: number; nextCursor: string | null };
    expect(pagination.total).toBe(5);
    walked.push(...idsOf(answer));
    cursor = pagination.nextCursor;
  }
  expect(walked).toEqual(all);
  expect(idsOf(await page('limit=2&offset=4'))).toEqual(all.slice(4));
  for (const wrong of ['limit=0', 'limit=101', 'limit=1.5', 'offset=-1', 'cursor=nonsense', 'page=2']) {
    expect((await page(wrong)).status).toBe(400);
  }
  const now = new Date().toISOString();
  for (const made of [
    [now, 'nobody'],
    [now, '\0'],
    ['0000-01-01T00:00:00Z', randomUUID()],
  ]) {
    const cursor = Buffer.from(JSON.stringify(made)).toString('base64url');
    expect((await page(`cursor=${cursor}`)).status).toBe(400);
    const keys = await server.call('GET', `/v1/api-keys?cursor=${cursor}`, { as: owner.token });
    expect(keys.status).toBe(400);
  }
});

test('answers hold no password and no hash, and a body cannot set what is not its to set', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const email = `${randomUUID()}@example.com`;
  const body = { email, name: 'X', password: PASSWORD, roles: ['viewer'] };
  for (const extra of [{ organizationId: randomUUID() }, { status: 'active' }, { passwordHash: 'x' }]) {
    const refused = await server.call('POST', '/v1/users', { as: owner.token, body: { ...body, ...extra } });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      400,
      expect.stringContaining('allowed: email, name, password, roles'),
    ]);
  }
  const created = await server.call('POST', '/v1/users', { as: owner.token, body });
  expect(Object.keys(created.body)).toEqual([
    'id',
    'email',
    'name',
    'roles',
    'status',
    'issuer',
    'createdAt',
    'updatedAt',
  ]);
  expect(created.headers.get('location')).toBe(`/v1/users/${String(created.body['id'])}`);
});

test('who may not manage users is refused, and the attempt is recorded', async () => {
  const { server } = shared;
  const { id, owner } = await createOrganization(server);
  const viewer = await createPerson(server, owner, 'viewer');
  const refused = await server.call('GET', '/v1/users', { as: viewer.token });
  expect(refused.body).toMatchObject({ status: 403, detail: 'this needs users:manage' });
  const recorded = await eventually(async () => {
    const found = (await recordedEvents(server, id)).find((event) => event.type === 'auth.forbidden');
    return found ?? false;
  });
  expect(recorded).toMatchObject({
    organizationId: id,
    actor: { type: 'human', id: viewer.id },
    data: { permission: 'users:manage', method: 'GET', path: '/v1/users' },
  });
});
