import { accessTokenSchema, changePasswordBody, logInBody, meSchema } from '@aegis/contracts/http/identity';
import type { Principal } from '@aegis/http/principal';
import { type Route, route } from '@aegis/http/route';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { ChangePasswordCommand } from '../../../usecases/identity/change-password.ts';
import type { AccessToken, LogInCommand } from '../../../usecases/identity/log-in.ts';
import type { Self } from '../../../usecases/identity/who-am-i.ts';
import { meView } from './views.ts';

export interface SessionRoutesDeps {
  logIn(command: LogInCommand): Promise<AccessToken>;
  whoAmI(principal: Principal): Promise<Self>;
  changePassword(command: ChangePasswordCommand): Promise<void>;
  jwks(): { keys: JWK[] };
}

const tag = 'Sessions';
const jwksSchema = z
  .object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) })
  .meta({ id: 'JwkSet' });

export function sessionRoutes(deps: SessionRoutesDeps): Route[] {
  return [logInRoute(deps), meRoute(deps), passwordRoute(deps), jwksRoute(deps)];
}

function logInRoute({ logIn }: SessionRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/auth/token',
    operationId: 'logIn',
    tag,
    summary: 'Exchange a password for an access token',
    description: 'For users of the built-in issuer. Failures add up per account and address until 429.',
    access: 'public',
    idempotency: 'none',
    body: logInBody,
    responses: {
      200: { description: 'The token.', schema: accessTokenSchema },
      401: { description: 'The e-mail address or the password is wrong.' },
    },
    async handle({ body, sourceIp, traceparent }) {
      const { email, password, organizationId = null } = body;
      const { accessToken, expiresInSeconds } = await logIn({ email, password, organizationId, sourceIp, traceparent });
      return { status: 200, body: { accessToken, tokenType: 'Bearer', expiresIn: expiresInSeconds } };
    },
  });
}

function meRoute({ whoAmI }: SessionRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/me',
    operationId: 'getMe',
    tag,
    summary: 'Who the credentials stand for, and what they may do',
    access: 'authenticated',
    responses: { 200: { description: 'The user or key.', schema: meSchema } },
    async handle({ principal }) {
      return { status: 200, body: meView(await whoAmI(principal)) };
    },
  });
}

function passwordRoute({ changePassword }: SessionRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/me/password',
    operationId: 'changePassword',
    tag,
    summary: 'Change your own password',
    description: 'Ends all your sessions, this one too.',
    access: 'authenticated',
    idempotency: 'none',
    body: changePasswordBody,
    responses: { 204: { description: 'Changed.' }, 409: { description: 'You sign in at an OpenID provider.' } },
    async handle({ principal, body, sourceIp, traceparent }) {
      await changePassword({ principal, traceparent, sourceIp, ...body });
      return { status: 204 };
    },
  });
}

function jwksRoute({ jwks }: SessionRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getJwks',
    tag,
    summary: 'Public keys that verify what this installation signs',
    description: 'A JWK Set (RFC 7517) of Ed25519 keys.',
    access: 'public',
    responses: { 200: { description: 'The keys.', schema: jwksSchema } },
    async handle() {
      return { status: 200, body: jwks(), headers: { 'cache-control': 'public, max-age=300' } };
    },
  });
}
