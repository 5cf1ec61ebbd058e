import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createOrganization,
  type IdentityServer,
  logIn,
  PASSWORD,
  recordedEvents,
  startIdentityServer,
  useIdentityServer,
} from './support/identity-server.ts';

const shared = useIdentityServer();

const attempt = (server: IdentityServer, email: string, password: string, organizationId?: string) =>
  server.call('POST', '/v1/auth/token', { body: { email, password, organizationId } });

test('a good password gives a token for a bearer, whatever the case of the address, and is recorded', async () => {
  const { server } = shared;
  const { id, owner } = await createOrganization(server);
  const answer = await attempt(server, owner.email.toUpperCase(), PASSWORD);
  expect(answer.body).toEqual({ accessToken: expect.any(String), tokenType: 'Bearer', expiresIn: 3600 });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const [event] = (await recordedEvents(server, id)).slice(-1);
  expect(event).toMatchObject({ type: 'auth.logged_in', actor: { id: owner.id }, data: { sourceIp: '127.0.0.1' } });
});

test('a wrong password, an unknown address and a suspended account get one answer', async () => {
  const { server } = shared;
  const { id, owner } = await createOrganization(server);
  const body = { email: `${randomUUID()}@example.com`, name: 'X', password: PASSWORD, roles: [] };
  const user = await server.call('POST', '/v1/users', { as: owner.token, body });
  await server.call('PATCH', `/v1/users/${String(user.body['id'])}`, { as: owner.token, body: { status: 'disabled' } });
  const answers = [
    await attempt(server, owner.email, 'wrong password'),
    await attempt(server, `${randomUUID()}@example.com`, PASSWORD),
    await attempt(server, body.email, PASSWORD),
    await attempt(server, owner.email, PASSWORD, randomUUID()),
  ];
  for (const { status, body: problem } of answers) {
    expect([status, problem['detail']]).toEqual([401, 'the e-mail address or the password is wrong']);
  }
  const failures = (await recordedEvents(server, id)).filter((event) => event.type === 'auth.login_failed');
  expect(failures.map((event) => event.data['userId'])).toEqual([owner.id, user.body['id']]);
});

test('an address with accounts in several organizations names the one it means, unless the password tells', async () => {
  const { server } = shared;
  const [one, two] = [await createOrganization(server), await createOrganization(server)];
  const email = `${randomUUID()}@example.com`;
  const create = (as: string, password: string) =>
    server.call('POST', '/v1/users', { as, body: { email, name: 'X', password, roles: ['viewer'] } });
  await create(one.owner.token, PASSWORD);
  const second = await create(two.owner.token, PASSWORD);
  expect((await attempt(server, email, PASSWORD)).body).toMatchObject({
    status: 400,
    errors: [{ path: 'organizationId' }],
  });
  const chosen = await attempt(server, email, PASSWORD, two.id);
  const me = await server.call('GET', '/v1/me', { as: String(chosen.body['accessToken']) });
  expect(me.body).toMatchObject({ organization: { id: two.id } });
  await server.call('PATCH', `/v1/users/${String(second.body['id'])}`, {
    as: two.owner.token,
    body: { password: 'another password of two' },
  });
  expect((await attempt(server, email, PASSWORD)).status).toBe(200);
});

test('guessing is stopped for the account, on every replica, and only failures add up', async () => {
  const { server: here } = shared;
  const there = await startIdentityServer(shared.databaseUrl);
  const { owner } = await createOrganization(here);
  for (let count = 0; count < 12; count += 1) await logIn(here, owner.email);
  const guesses = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      attempt(index % 2 === 0 ? here : there, owner.email, `guess number ${index}`),
    ),
  );
  const statuses = guesses.map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  const blocked = await attempt(there, owner.email, PASSWORD);
  expect([blocked.status, blocked.body['code']]).toEqual([429, 'rate_limited']);
  expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
});
