import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

export interface OpenIdProvider {
  readonly issuer: string;
  /** Requests for keys so far. */
  fetches(): number;
  /** Answers 503 from now on, or no longer. */
  setDown(down: boolean): void;
  /** Signs with a key of its own from now on, and publishes it. */
  rotate(): Promise<void>;
  publicJwk(): JWK;
  /** A token about someone; `claims` and `header` replace what a good one would have. */
  token(claims: JWTPayload, header?: { alg?: string; kid?: string }): Promise<string>;
}

/** A listening OpenID provider with discovery and RSA keys; the test's end stops it. */
export async function startOpenIdProvider(audience: string): Promise<OpenIdProvider> {
  let fetches = 0;
  let down = false;
  let keyId = 0;
  let keys = await generateKeyPair('RS256', { extractable: true });
  let jwk = await exportJWK(keys.publicKey);
  const server = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    if (!isDiscovery) fetches += 1;
    const body = isDiscovery
      ? { issuer, jwks_uri: `${issuer}/keys` }
      : { keys: [{ ...jwk, kid: `key-${keyId}`, use: 'sig' }] };
    response.writeHead(down ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    fetches: () => fetches,
    setDown: (value) => (down = value),
    async rotate() {
      keyId += 1;
      keys = await generateKeyPair('RS256', { extractable: true });
      jwk = await exportJWK(keys.publicKey);
    },
    publicJwk: () => jwk,
    token: (claims, header = {}) =>
      new SignJWT({ iss: issuer, aud: audience, exp: Math.floor(Date.now() / 1000) + 600, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: `key-${keyId}`, ...header })
        .sign(keys.privateKey),
  };
}
