import { ProblemError } from '@aegis/contracts/problems';
import { OPERATOR, type Principal } from '@aegis/http/principal';
import { createLogger } from '@aegis/runtime/log';
import { TestClock } from '@aegis/testkit/clock';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { apiKeySecret } from '../src/domain/identity/api-key-secret.ts';
import { createJwksSource } from '../src/security/jwks-source.ts';
import { createAuthenticator } from '../src/usecases/identity/authenticator.ts';
import { CredentialCache } from '../src/usecases/identity/credential-cache.ts';

const KEY: Principal = { ...OPERATOR, kind: 'key', keyId: 'key_1' };

function cacheOf(answer: () => Promise<Principal>, expiresAt = Infinity) {
  const clock = new TestClock();
  let loads = 0;
  const cache = new CredentialCache({
    async load() {
      loads += 1;
      return { principal: await answer(), expiresAt };
    },
    monotonicMs: clock.now,
    nowMs: clock.now,
  });
  return { cache, clock, loads: () => loads };
}

test('what was looked up serves without a wait for two seconds and not longer', async () => {
  const { cache, clock, loads } = cacheOf(() => Promise.resolve(KEY));
  expect(cache.recall('t')).toBeUndefined();
  expect(await cache.verify('t')).toBe(KEY);
  clock.advance(999);
  expect(cache.recall('t')).toBe(KEY);
  expect(loads()).toBe(1);
  clock.advance(1_001);
  expect(cache.recall('t')).toBeUndefined();
  expect(cache.knows('t')).toBe(true);
});

test('a credential in use is looked up again in time, and a revocation found so is felt at once', async () => {
  let good = true;
  const { cache, clock, loads } = cacheOf(() =>
    good ? Promise.resolve(KEY) : Promise.reject(new ProblemError('unauthenticated', 'revoked')),
  );
  await cache.verify('t');
  good = false;
  clock.advance(1_000);
  expect(cache.recall('t')).toBe(KEY);
  await expect(cache.verify('t')).rejects.toThrow('revoked');
  expect(loads()).toBe(2);
  expect(cache.recall('t')).toBeUndefined();
  expect(cache.knows('t')).toBe(false);
});

test('however often it is asked for, a revoked credential lives no longer than two seconds', async () => {
  let good = true;
  const { cache, clock } = cacheOf(() => (good ? Promise.resolve(KEY) : new Promise<never>(() => undefined)));
  await cache.verify('t');
  good = false;
  for (let elapsed = 0; elapsed < 2_000; elapsed += 100) {
    expect(cache.recall('t')).toBe(KEY);
    clock.advance(100);
  }
  expect(cache.recall('t')).toBeUndefined();
});

test('concurrent look-ups of one credential are one; a bad one is remembered too', async () => {
  const { cache, clock, loads } = cacheOf(() => Promise.reject(new ProblemError('unauthenticated', 'no')));
  const answers = await Promise.allSettled(Array.from({ length: 50 }, () => cache.verify('t')));
  expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
  await expect(cache.verify('t')).rejects.toThrow('no');
  expect(loads()).toBe(1);
  clock.advance(2_000);
  await expect(cache.verify('t')).rejects.toThrow('no');
  expect(loads()).toBe(2);
});

test('a failure of the store is no verdict: it is not remembered, and what is fresh goes on', async () => {
  let down = false;
  const { cache, clock } = cacheOf(() => (down ? Promise.reject(new Error('down')) : Promise.resolve(KEY)));
  await cache.verify('t');
  down = true;
  clock.advance(1_500);
  expect(cache.recall('t')).toBe(KEY);
  clock.advance(500);
  expect(cache.recall('t')).toBeUndefined();
  await expect(cache.verify('t')).rejects.toThrow('down');
  down = false;
  expect(await cache.verify('t')).toBe(KEY);
});

test('a token ends when it ends, however fresh the look-up', async () => {
  const end = new TestClock().now() + 500;
  const { cache, clock } = cacheOf(() => Promise.resolve(KEY), end);
  await cache.verify('t');
  clock.advance(499);
  expect(cache.recall('t')).toBe(KEY);
  clock.advance(1);
  expect(cache.recall('t')).toBeUndefined();
});

test('a flood of bad credentials drives no good one out', async () => {
  const clock = new TestClock();
  const cache = new CredentialCache({
    load: (token) =>
      token === 'good'
        ? Promise.resolve({ principal: KEY, expiresAt: Infinity })
        : Promise.reject(new ProblemError('unauthenticated', 'no')),
    monotonicMs: clock.now,
    nowMs: clock.now,
  });
  await cache.verify('good');
  await Promise.allSettled(Array.from({ length: 20_000 }, (_, index) => cache.verify(`bad-${index}`)));
  expect(cache.recall('good')).toBe(KEY);
});

test('a store that never answers is 503 after five seconds, not a hang', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const never = () => new Promise<never>(() => undefined);
  const authenticator = createAuthenticator({
    db: { tx: never, read: never },
    verifyToken: never,
    operatorKeys: [],
    log: createLogger({ name: 'test', level: 'silent' }),
  });
  const answer = authenticator.verify(apiKeySecret(new Uint8Array(32))).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await answer).toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
});

async function issuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one' };
  const clock = new TestClock();
  const state = { fetches: 0, down: false };
  const getKey = createJwksSource({
    locate: () => Promise.resolve('https://issuer.example/keys'),
    async fetchJson() {
      state.fetches += 1;
      if (state.down) throw new Error('down');
      return { keys: [jwk] };
    },
    log: createLogger({ name: 'test', level: 'silent' }),
    nowMs: clock.now,
  });
  const compact = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
  const [protectedHeader = '', payload = '', signature = ''] = compact.split('.');
  const ask = async (kid: string) => getKey({ alg: 'ES256', kid }, { protected: protectedHeader, payload, signature });
  return { ask, clock, state };
}

test("an issuer's keys serve for an hour without it, and not a minute longer", async () => {
  const { ask, clock, state } = await issuer();
  await ask('one');
  state.down = true;
  for (let minute = 0; minute < 60; minute += 1) {
    clock.advance(60_000);
    await expect(ask('one')).resolves.toBeDefined();
  }
  clock.advance(1_000);
  await expect(ask('one')).rejects.toMatchObject({ code: 'unavailable' });
  state.down = false;
  clock.advance(5_001);
  await expect(ask('one')).resolves.toBeDefined();
});

test('unknown key ids cause one fetch in half a minute, and so does an issuer that is down from the start in five seconds', async () => {
  const known = await issuer();
  await known.ask('one');
  for (let second = 0; second < 60; second += 1) {
    known.clock.advance(1_000);
    await expect(known.ask(`unknown-${second}`)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  }
  expect(known.state.fetches).toBe(2);
  const down = await issuer();
  down.state.down = true;
  for (let second = 0; second < 10; second += 1) {
    await expect(down.ask('one')).rejects.toMatchObject({ code: 'unavailable' });
    down.clock.advance(1_000);
  }
  expect(down.state.fetches).toBe(2);
});
