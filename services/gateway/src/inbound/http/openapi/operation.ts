import type { Route } from '@aegis/http/route';
import type { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { responsesOf } from './responses.ts';

export function operationOf(route: Route): ZodOpenApiOperationObject {
  const { params, query, body } = route;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    security: security(route.access),
    ...(params || query ? { requestParams: { ...objectAs('path', params), ...objectAs('query', query) } } : {}),
    parameters: headerParameters(route),
    ...(body ? { requestBody: { required: true, content: contentOf(route, body) } } : {}),
    responses: responsesOf(route),
  };
}

function contentOf({ csv }: Route, schema: z.ZodType) {
  const json = { 'application/json': { schema } };
  return csv ? { ...json, 'text/csv': { schema: { type: 'string' as const } } } : json;
}

/** OpenAPI 3.1 lets any scheme name the roles it needs; ours are permissions. */
function security(access: Route['access']) {
  if (access === 'public') return [];
  return [{ bearer: access === 'authenticated' ? [] : [access] }];
}

function objectAs(place: 'path' | 'query', schema: z.ZodType | undefined) {
  return schema ? { [place]: schema as z.ZodObject } : {};
}

function headerParameters(route: Route) {
  const parameters = [];
  if (route.method === 'post' && route.idempotency !== 'none') {
    parameters.push(
      header('Idempotency-Key', 'Chosen by the client, one for each thing it wants done.', { maxLength: 255 }),
    );
  }
  if (Object.values(route.responses).some((response) => response.headers?.['Preference-Applied'])) {
    parameters.push(header('Prefer', '`wait=N` (RFC 7240): how many seconds the answer may wait, at most 30.', {}));
  }
  return parameters;
}

function header(name: string, description: string, limits: { maxLength?: number }) {
  return { in: 'header' as const, name, description, schema: { type: 'string' as const, ...limits } };
}
