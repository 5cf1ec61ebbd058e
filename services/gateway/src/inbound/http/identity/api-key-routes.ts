import {
  apiKeyListSchema,
  apiKeySchema,
  createApiKeyBody,
  createdApiKeySchema,
  listApiKeysQuery,
  rotateApiKeyBody,
} from '@aegis/contracts/http/identity';
import { idSchema } from '@aegis/contracts/ids';
import { type Reply, type Route, route } from '@aegis/http/route';
import type { Clock } from '@aegis/runtime/clock';
import { z } from 'zod';
import type { ApiKey } from '../../../domain/identity/api-key.ts';
import type { ListRequest } from '../../../domain/identity/listing.ts';
import type { Command } from '../../../usecases/identity/command.ts';
import type { CreateApiKeyCommand, IssuedApiKey } from '../../../usecases/identity/create-api-key.ts';
import type { RotateApiKeyCommand } from '../../../usecases/identity/rotate-api-key.ts';
import { listPage, listRequest } from './list-page.ts';
import { apiKeyView } from './views.ts';

export interface ApiKeyRoutesDeps {
  readonly clock: Clock;
  createApiKey(command: CreateApiKeyCommand): Promise<IssuedApiKey>;
  rotateApiKey(command: RotateApiKeyCommand): Promise<IssuedApiKey>;
  revokeApiKey(command: Command & { readonly keyId: string }): Promise<void>;
  getApiKey(organizationId: string, id: string): Promise<ApiKey>;
  searchApiKeys(request: ListRequest): Promise<{ rows: ApiKey[]; total: number }>;
}

const tag = 'API keys';
const params = z.object({ id: idSchema('key') });
const issued = {
  description: 'The key, and its secret for this once.',
  schema: createdApiKeySchema,
  headers: { Location: 'Where the key is.' },
};

export function apiKeyRoutes(deps: ApiKeyRoutesDeps): Route[] {
  return [listRoute(deps), createRoute(deps), getRoute(deps), rotateRoute(deps), revokeRoute(deps)];
}

function listRoute({ searchApiKeys, clock }: ApiKeyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/api-keys',
    operationId: 'listApiKeys',
    tag,
    summary: 'List API keys',
    description: 'The latest first, revoked ones too, without their secrets.',
    access: 'keys:manage',
    query: listApiKeysQuery,
    responses: { 200: { description: 'Keys.', schema: apiKeyListSchema } },
    async handle({ principal, query }) {
      const request = listRequest(principal.organizationId, query, idSchema('key'));
      const now = clock.now();
      return { status: 200, body: listPage(request, await searchApiKeys(request), (key) => apiKeyView(key, now)) };
    },
  });
}

function createRoute({ createApiKey, clock }: ApiKeyRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/api-keys',
    operationId: 'createApiKey',
    tag,
    summary: 'Create an API key',
    description:
      'What a key may do: its scopes, as far as its creator may do them at the time of the request. A key bound to an agent submits and reads for that one only; an unbound key names the agent in each body and needs `intents:write:any`. No key answers approvals or manages people and keys.',
    access: 'keys:manage',
    body: createApiKeyBody,
    responses: { 201: issued, 422: { description: 'The agent is not known.' } },
    async handle({ principal, body, idempotency, traceparent }) {
      const { name, agentId = null, scopes = null, expiresAt = null } = body;
      const command = { principal, traceparent, seed: idempotency.seed, name, agentId, scopes, expiresAt };
      return issuedReply(await createApiKey(command), clock.now());
    },
  });
}

function getRoute({ getApiKey, clock }: ApiKeyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/api-keys/:id',
    operationId: 'getApiKey',
    tag,
    summary: 'Read an API key',
    access: 'keys:manage',
    params,
    responses: { 200: { description: 'The key, without its secret.', schema: apiKeySchema } },
    async handle({ principal, params: { id } }) {
      return { status: 200, body: apiKeyView(await getApiKey(principal.organizationId, id), clock.now()) };
    },
  });
}

function rotateRoute({ rotateApiKey, clock }: ApiKeyRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/api-keys/:id/rotate',
    operationId: 'rotateApiKey',
    tag,
    summary: 'Replace an API key',
    description: 'Makes a key like this one; both work until the overlap is over, then this one ends.',
    access: 'keys:manage',
    params,
    body: rotateApiKeyBody,
    responses: { 201: issued, 409: { description: 'The key has ended.' } },
    async handle({ principal, params: { id }, body, idempotency, traceparent }) {
      const { overlapMinutes, expiresAt = null } = body;
      const command = { principal, traceparent, seed: idempotency.seed, keyId: id, overlapMinutes, expiresAt };
      return issuedReply(await rotateApiKey(command), clock.now());
    },
  });
}

function revokeRoute({ revokeApiKey }: ApiKeyRoutesDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/api-keys/:id',
    operationId: 'revokeApiKey',
    tag,
    summary: 'Revoke an API key',
    description: 'It is refused on every replica within five seconds.',
    access: 'keys:manage',
    params,
    responses: { 204: { description: 'Revoked, now or before.' } },
    async handle({ principal, params: { id }, traceparent }) {
      await revokeApiKey({ principal, traceparent, keyId: id });
      return { status: 204 };
    },
  });
}

function issuedReply({ key, secret }: IssuedApiKey, now: Date): Reply {
  const headers = { location: `/v1/api-keys/${key.id}` };
  return { status: 201, secret: true, headers, body: { ...apiKeyView(key, now), secret } };
}
