import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, generateKeyPair, type JWK, SignJWT } from 'jose';
import pg from 'pg';
import { expect, test } from 'vitest';
import { loadSigningKeys } from '../src/security/signing-keys.ts';
import { createSecretBox } from '@aegis/runtime/secret-box';
import type { OidcSettings } from '../src/security/token-verifier.ts';
import {
  createOrganization,
  type IdentityServer,
  ISSUER,
  recordedEvents,
  SECRET_KEY,
  startIdentityServer,
  useIdentityServer,
} from './support/identity-server.ts';
import { type OpenIdProvider, startOpenIdProvider } from './support/openid-provider.ts';

const shared = useIdentityServer();
const me = (server: IdentityServer, token: string) => server.call('GET', '/v1/me', { as: token });
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a forged, foreign, expired or incomplete token is refused with 401', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const good = decodeJwt(owner.token);
  const header = decodeProtectedHeader(owner.token) as { kid: string };
  const keys = await loadSigningKeys({ db: server.db, box: createSecretBox(SECRET_KEY) });
  const jwks = (await server.call('GET', '/.well-known/jwks.json')).body as unknown as { keys: JWK[] };
  const publicJwk = jwks.keys.find((key) => key.kid === header.kid)!;
  const pem = createPublicKey({ key: publicJwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString();
  const hs256 = (key: string | Buffer) => {
    const input = `${base64url({ ...header, alg: 'HS256' })}.${base64url(good)}`;
    return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  };
  const other = generateKeyPairSync('ed25519').privateKey;
  const rsa = (await generateKeyPair('PS256')).privateKey;
  const [, , signature] = owner.token.split('.');
  const attacks: Record<string, string | Promise<string>> = {
    'alg none': `${base64url({ alg: 'none', typ: 'at+jwt' })}.${base64url(good)}.`,
    'alg none with a signature': `${base64url({ alg: 'none', typ: 'at+jwt' })}.${base64url(good)}.${signature}`,
    'HS256 over the public key in PEM': hs256(pem),
    'HS256 over the public key itself': hs256(Buffer.from(publicJwk.x!, 'base64url')),
    PS256: new SignJWT(good).setProtectedHeader({ ...header, alg: 'PS256' }).sign(rsa),
    'a foreign key under our key id': new SignJWT(good).setProtectedHeader({ ...header, alg: 'EdDSA' }).sign(other),
    'an embedded key': new SignJWT(good)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', jwk: publicJwk })
      .sign(other),
    'a changed payload': owner.token.replace(/\..*\./, `.${base64url({ ...good, sub: randomUUID() })}.`),
    'no exp': keys.sign('login', 'at+jwt', { ...good, exp: undefined }),
    expired: keys.sign('login', 'at+jwt', { ...good, exp: Math.floor(Date.now() / 1000) - 60 }),
    'not yet valid': keys.sign('login', 'at+jwt', { ...good, nbf: Math.floor(Date.now() / 1000) + 3600 }),
    'another audience': keys.sign('login', 'at+jwt', { ...good, aud: 'somebody-else' }),
    'another issuer': keys.sign('login', 'at+jwt', { ...good, iss: 'urn:somebody:else' }),
    'no issuer': keys.sign('login', 'at+jwt', { ...good, iss: undefined }),
    'another type': keys.sign('login', 'aegis-authorization+jwt', good),
    'a key of another purpose': keys.sign('authorization', 'at+jwt', good),
    'an unknown user': keys.sign('login', 'at+jwt', { ...good, sub: randomUUID() }),
    'an old session': keys.sign('login', 'at+jwt', { ...good, sv: 0 }),
    'a critical extension': new SignJWT(good)
      .setProtectedHeader({ ...header, alg: 'EdDSA', crit: ['b64'], b64: true })
      .sign(other),
  };
  for (const [attack, token] of Object.entries(attacks)) {
    const answer = await me(server, await token);
    expect([attack, answer.status, answer.body['code']]).toEqual([attack, 401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  }
  expect((await me(server, await keys.sign('login', 'at+jwt', good))).status).toBe(200);
  expect(JSON.stringify(jwks)).not.toContain('"d"');
});

test('signing keys are made once, whichever replica comes first, and open under their secret key only', async () => {
  const { server } = shared;
  const replicas = await Promise.all([1, 2, 3].map(() => startIdentityServer(shared.databaseUrl)));
  const sets = await Promise.all(replicas.map((replica) => replica.call('GET', '/.well-known/jwks.json')));
  expect(new Set(sets.map((set) => JSON.stringify(set.body))).size).toBe(1);
  expect(sets[0]?.body['keys']).toHaveLength(2);
  const otherBox = createSecretBox(new Uint8Array(32));
  await expect(loadSigningKeys({ db: server.db, box: otherBox })).rejects.toThrow('another AEGIS_SECRET_KEY');
});

async function withProvider(
  overrides: Partial<OidcSettings> = {},
): Promise<{ provider: OpenIdProvider; server: IdentityServer; organizationId: string }> {
  const { id: organizationId } = await createOrganization(shared.server);
  const provider = await startOpenIdProvider('aegis');
  const server = await startIdentityServer(shared.databaseUrl, {
    oidc: {
      issuer: provider.issuer,
      audience: 'aegis',
      jwksUrl: null,
      organizationId,
      rolesClaim: 'realm_access.roles',
      roleMap: { treasury: 'finance', reporting: 'auditor' },
      ...overrides,
    },
  });
  return { provider, server, organizationId };
}

const treasury = (sub: string) => ({
  sub,
  email: 'Fin@Example.com',
  name: 'Fin',
  realm_access: { roles: ['treasury', 'owner', 'x'] },
});

test('a person of an external issuer is made at the first sign-in, in its organization, once', async () => {
  const { provider, server, organizationId } = await withProvider();
  const tokens = await Promise.all([1, 2, 3, 4].map((nonce) => provider.token({ ...treasury('fin-1'), nonce })));
  const answers = await Promise.all(tokens.map((token) => me(server, token)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(answers[0]?.body).toMatchObject({
    user: { email: 'fin@example.com', name: 'Fin' },
    organization: { id: organizationId },
    roles: ['finance'],
  });
  const created = (await recordedEvents(server, organizationId)).filter((event) => event.data['name'] === 'Fin');
  expect(created).toHaveLength(1);
  expect(created[0]).toMatchObject({ type: 'user.created', actor: { type: 'service', id: 'gateway' } });
});

test('roles are managed here after the first sign-in, whatever later tokens claim', async () => {
  const { provider, server } = await withProvider();
  await me(server, await provider.token(treasury('fin-2')));
  const promoted = { ...treasury('fin-2'), realm_access: { roles: ['treasury', 'reporting'] } };
  expect((await me(server, await provider.token(promoted))).body).toMatchObject({ roles: ['finance'] });
});

test('who has no mapped role gets in nowhere and leaves no account; nobody becomes owner by a claim', async () => {
  const { provider, server, organizationId } = await withProvider();
  for (const roles of [[], ['owner'], ['__proto__'], 'owner', undefined]) {
    const token = await provider.token({ sub: `nobody-${String(roles)}`, name: 'Nobody', realm_access: { roles } });
    expect((await me(server, token)).status).toBe(401);
  }
  expect((await recordedEvents(server, organizationId)).filter((event) => event.data['name'] === 'Nobody')).toEqual([]);
});

test("a token that is not this issuer's, not for us, or of an algorithm not agreed on is refused", async () => {
  const { provider, server } = await withProvider();
  const claims = treasury('fin-3');
  const pem = createPublicKey({ key: provider.publicJwk(), format: 'jwk' }).export({ format: 'pem', type: 'spki' });
  const input = `${base64url({ alg: 'HS256', kid: 'key-0' })}.${base64url({ ...claims, iss: provider.issuer, aud: 'aegis', exp: 9e9 })}`;
  const attacks: Record<string, string> = {
    'another audience': await provider.token({ ...claims, aud: 'other' }),
    'another issuer': await provider.token({ ...claims, iss: 'https://evil.example' }),
    'our own issuer': await provider.token({ ...claims, iss: ISSUER.issuer, aud: ISSUER.audience }),
    expired: await provider.token({ ...claims, exp: 1_600_000_000 }),
    'no exp': await provider.token({ ...claims, exp: undefined }),
    'no sub': await provider.token({ ...claims, sub: undefined }),
    'a subject that cannot be stored': await provider.token({ ...claims, sub: 'a\0b' }),
    'HS256 over the public key': `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`,
    'alg none': `${base64url({ alg: 'none' })}.${input.split('.')[1]}.`,
  };
  for (const [attack, token] of Object.entries(attacks)) {
    expect([attack, (await me(server, token)).status]).toEqual([attack, 401]);
  }
});

test('a thousand unknown key ids cause a bounded number of fetches', async () => {
  const { provider, server } = await withProvider();
  expect((await me(server, await provider.token(treasury('fin-4')))).status).toBe(200);
  const before = provider.fetches();
  for (let batch = 0; batch < 10; batch += 1) {
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        provider.token(treasury('fin-4'), { kid: `unknown-${batch}-${index}` }),
      ),
    );
    const answers = await Promise.all(tokens.map((token) => me(server, token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  }
  expect(provider.fetches() - before).toBeLessThanOrEqual(1);
});

test('an issuer that cannot be reached before it ever was is 503; one that was goes on by the keys it gave', async () => {
  const { provider, server } = await withProvider();
  provider.setDown(true);
  const token = await provider.token(treasury('fin-5'));
  expect((await me(server, token)).body).toMatchObject({ status: 503, code: 'unavailable' });
  provider.setDown(false);
  const reached = await withProvider();
  expect((await me(reached.server, await reached.provider.token(treasury('fin-6')))).status).toBe(200);
  reached.provider.setDown(true);
  expect((await me(reached.server, await reached.provider.token(treasury('fin-7')))).status).toBe(200);
});

test('an account of the same e-mail address is not the same person', async () => {
  const { provider, server, organizationId } = await withProvider();
  const first = await me(server, await provider.token(treasury('fin-8')));
  const second = await me(server, await provider.token(treasury('fin-9')));
  const id = (body: Record<string, unknown>) => (body['user'] as { id: string }).id;
  expect(id(first.body)).not.toBe(id(second.body));
  expect(second.body).toMatchObject({ organization: { id: organizationId } });
});

test('signing keys are replaced when they are old, and no token is refused on any replica meanwhile', async () => {
  const { server } = shared;
  const { owner } = await createOrganization(server);
  const claims = decodeJwt(owner.token);
  const box = createSecretBox(SECRET_KEY);
  const [old, young] = await Promise.all([
    loadSigningKeys({ db: server.db, box, rotateAfterDays: 30 }),
    loadSigningKeys({ db: server.db, box, rotateAfterDays: 30 }),
  ]);
  const kidOf = async (keys: typeof old) => decodeProtectedHeader(await keys.sign('login', 'at+jwt', claims)).kid;
  const first = await kidOf(old);
  const admin = new pg.Client(shared.databaseUrl);
  await admin.connect();
  try {
    await admin.query(`UPDATE gateway.signing_keys SET created_at = created_at - interval '31 days'`);
    await Promise.all([old.refresh(), young.refresh()]);
    // The successor is known to whoever asks, and does not sign yet.
    expect(old.jwks().keys).toHaveLength(4);
    expect(young.jwks().keys).toEqual(old.jwks().keys);
    expect([await kidOf(old), await kidOf(young)]).toEqual([first, first]);
    await admin.query(`UPDATE gateway.signing_keys SET retired_at = now() WHERE retired_at IS NOT NULL`);
    // One replica learns of it before the other: each takes the tokens of the other, and of before.
    await old.refresh();
    const [before, after] = [await young.sign('login', 'at+jwt', claims), await old.sign('login', 'at+jwt', claims)];
    expect(decodeProtectedHeader(after).kid).not.toBe(first);
    expect(decodeProtectedHeader(before).kid).toBe(first);
    for (const token of [owner.token, before, after]) {
      const { kid } = decodeProtectedHeader(token);
      for (const keys of [old, young]) await expect(keys.verificationKey('login', kid)).resolves.toBeDefined();
    }
    // The gateway itself, which was told nothing of all this.
    expect((await me(server, before)).status).toBe(200);
    await old.refresh();
    expect(old.jwks().keys).toHaveLength(4);
  } finally {
    await admin.end();
  }
});

test('AEGIS_SECRET_KEY is exchanged while replicas of both orders work; then the old one opens nothing', async () => {
  const { server } = shared;
  const next = randomBytes(32);
  const load = (keys: Uint8Array[]) => loadSigningKeys({ db: server.db, box: createSecretBox(keys) });
  const kids = async (keys: Uint8Array[]) => (await load(keys)).jwks().keys.map(({ kid }) => kid);
  const before = await kids([SECRET_KEY]);
  expect(await kids([SECRET_KEY, next])).toEqual(before);
  expect(await kids([next, SECRET_KEY])).toEqual(before);
  expect(await kids([next])).toEqual(before);
  await expect(load([SECRET_KEY])).rejects.toThrow('another AEGIS_SECRET_KEY');
  // And back, for the tests that follow.
  expect(await kids([SECRET_KEY, next])).toEqual(before);
});
