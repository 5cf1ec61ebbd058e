import { createLogger } from '@aegis/runtime/log';
import { eventually } from '@aegis/testkit/eventually';
import { expect, test } from 'vitest';
import { createRateLimiter, type RunningRateLimiter } from '../src/usecases/identity/rate-limiter.ts';
import { createOrganization, startIdentityServer, useIdentityServer } from './support/identity-server.ts';

const shared = useIdentityServer();
const log = createLogger({ name: 'test', level: 'silent' });

/** Replicas whose clocks the test sets, and which share their counts when it says so. */
function replicas(count: number, limit: number, nowMs: () => number): RunningRateLimiter[] {
  const perMinute = { credential: limit, address: limit };
  return Array.from({ length: count }, () =>
    createRateLimiter({ db: shared.server.db, log, perMinute, nowMs, syncIntervalMs: 1_000_000 }),
  );
}

const takeMany = (limiter: RunningRateLimiter, id: string, count: number) =>
  Array.from({ length: count }, () => limiter.take('credential', id)).filter(({ allowed }) => allowed).length;

test('a burst over HTTP is 429 with Retry-After, for the credential alone', async () => {
  const server = await startIdentityServer(shared.databaseUrl, { perMinute: { credential: 20, address: 1_000 } });
  const [busy, calm] = [await createOrganization(server), await createOrganization(server)];
  const me = (token: string) => server.call('GET', '/v1/me', { as: token });
  const burst = await Promise.all(Array.from({ length: 30 }, () => me(busy.owner.token)));
  expect(burst.filter(({ status }) => status === 200)).toHaveLength(20);
  const refused = burst.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ code: 'rate_limited' });
  expect(Object.fromEntries(refused?.headers ?? [])).toMatchObject({
    'ratelimit-limit': '20',
    'ratelimit-remaining': '0',
  });
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect((await me(calm.owner.token)).headers.get('ratelimit-remaining')).toBe('19');
});

test('a burst over two replicas is refused by both once they have told each other', async () => {
  const perMinute = { credential: 40, address: 1_000 };
  const [here, there] = [
    await startIdentityServer(shared.databaseUrl, { perMinute }),
    await startIdentityServer(shared.databaseUrl, { perMinute }),
  ];
  const { owner } = await createOrganization(here);
  const me = (server: typeof here) => server.call('GET', '/v1/me', { as: owner.token });
  for (let count = 0; count < 30; count += 1) await me(here);
  await eventually(async () => Number((await me(there)).headers.get('ratelimit-remaining')) <= 10);
  await eventually(async () => (await me(there)).status === 429);
  await eventually(async () => (await me(here)).status === 429);
});

test('another X-Forwarded-For every time does not help against the limit of an address', async () => {
  const server = await startIdentityServer(shared.databaseUrl, { perMinute: { credential: 1_000, address: 10 } });
  const attempts = [];
  for (let count = 0; count < 15; count += 1) {
    attempts.push(
      await server.call('GET', '/v1/me', {
        as: `guess-${count}`,
        headers: { 'x-forwarded-for': `203.0.113.${count}` },
      }),
    );
  }
  expect(attempts.map(({ status }) => status)).toEqual([...Array<number>(10).fill(401), ...Array<number>(5).fill(429)]);
});

test('bad credentials from an address do not lock out who is known there', async () => {
  const server = await startIdentityServer(shared.databaseUrl, { perMinute: { credential: 1_000, address: 5_000 } });
  const { owner } = await createOrganization(server);
  const me = () => server.call('GET', '/v1/me', { as: owner.token });
  expect((await me()).status).toBe(200);
  const limited = await startIdentityServer(shared.databaseUrl, { perMinute: { credential: 1_000, address: 3 } });
  expect((await limited.call('GET', '/v1/me', { as: owner.token })).status).toBe(200);
  for (let count = 0; count < 5; count += 1) await limited.call('GET', '/v1/me', { as: `guess-${count}` });
  expect((await limited.call('GET', '/v1/me', { as: 'guess-again' })).status).toBe(429);
  expect((await limited.call('GET', '/v1/me', { as: owner.token })).status).toBe(200);
});

test('replicas in step admit the limit together, give or take what they have not told each other yet', async () => {
  const nowMs = Date.now();
  const limiters = replicas(3, 90, () => nowMs);
  expect(limiters.map((limiter) => takeMany(limiter, 'a', 20))).toEqual([20, 20, 20]);
  for (const limiter of [...limiters, ...limiters]) {
    limiter.take('credential', 'a');
    await limiter.sync();
  }
  // Each in its turn takes what it can get, and tells the others.
  let admitted = 60 + 6;
  for (const limiter of limiters) {
    admitted += takeMany(limiter, 'a', 100);
    await limiter.sync();
    for (const other of limiters) {
      admitted += takeMany(other, 'a', 1);
      await other.sync();
    }
  }
  // What they had not told each other yet: two requests before the loop, and one each that was idle.
  expect(admitted).toBeGreaterThanOrEqual(90);
  expect(admitted).toBeLessThanOrEqual(95);
});

test('a new window begins at zero, for every bucket', async () => {
  let nowMs = Date.now();
  const [limiter] = replicas(1, 5, () => nowMs);
  expect(takeMany(limiter!, 'b', 9)).toBe(5);
  expect(limiter!.take('credential', 'b')).toMatchObject({ allowed: false, remaining: 0, limit: 5 });
  nowMs += limiter!.peek('credential', 'b').resetSeconds * 1_000;
  expect(takeMany(limiter!, 'b', 9)).toBe(5);
});

test('without the database each replica limits on its own, and counts are told when it is back', async () => {
  const { db } = shared.server;
  let down = true;
  const limiter = createRateLimiter({
    db: { tx: (scope, work) => (down ? Promise.reject(new Error('down')) : db.tx(scope, work)) },
    log,
    perMinute: { credential: 5, address: 5 },
    nowMs: () => 2_000_000_000_000,
    syncIntervalMs: 1_000_000,
  });
  expect(takeMany(limiter, 'c', 3)).toBe(3);
  await limiter.sync();
  expect(takeMany(limiter, 'c', 9)).toBe(2);
  down = false;
  await limiter.sync();
  const { rows } = await db.pool.query("SELECT count FROM rate_windows WHERE bucket = 'credential:c'");
  expect(rows).toEqual([{ count: 5n }]);
});
