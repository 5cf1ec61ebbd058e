import { problemSchema } from '@aegis/contracts/http/problem';
import { PROBLEMS, type ProblemCode } from '@aegis/contracts/problems';
import type { Route, RouteResponse } from '@aegis/http/route';
import type { ZodOpenApiMediaTypeObject, ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';

/** What a route answers: as it says itself, and the refusals that its kind brings with it. */
export function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, response] of Object.entries(route.responses)) {
    const isRefusal = Number(status) >= 400 && !response.schema;
    responses[status as '200'] = isRefusal
      ? { ...success(response), ...refusal(response.description) }
      : success(response);
  }
  for (const [status, codes] of Map.groupBy(usualRefusals(route), (code) => PROBLEMS[code].status)) {
    const own = route.responses[status]?.description;
    // What a route says of its own 403 or 404 covers the usual one; of keys used twice no route speaks.
    const added = own === undefined ? codes : codes.filter((code) => code.startsWith('idempotency'));
    if (added.length === 0) continue;
    const sentences = added.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`);
    responses[`${status}` as '400'] = refusal([own, ...sentences].filter(Boolean).join(' '));
  }
  return responses;
}

function usualRefusals(route: Route): ProblemCode[] {
  const { access, method, params, query, body, idempotency = 'stored' } = route;
  const byKind: [boolean, ProblemCode[]][] = [
    [body !== undefined || method === 'post', ['malformed_json', 'payload_too_large', 'unsupported_media_type']],
    [body !== undefined || method === 'post' || query !== undefined, ['invalid_request']],
    [access !== 'public', ['unauthenticated']],
    [access !== 'public' && access !== 'authenticated', ['forbidden']],
    [params !== undefined, ['not_found']],
    [method === 'post' && idempotency === 'stored', ['idempotency_in_progress']],
    [method === 'post' && idempotency !== 'none', ['idempotency_key_reused']],
    [true, ['rate_limited', 'unavailable']],
  ];
  return byKind.flatMap(([applies, codes]) => (applies ? codes : []));
}

function success({ description, schema, contentType, headers }: RouteResponse): ZodOpenApiResponseObject {
  const media: ZodOpenApiMediaTypeObject = schema ? { schema } : {};
  const types = contentType?.split(', ') ?? (schema ? ['application/json'] : []);
  return {
    description,
    ...(types.length > 0 ? { content: Object.fromEntries(types.map((type) => [type, media])) } : {}),
    ...(headers ? { headers: Object.fromEntries(Object.entries(headers).map(headerObject)) } : {}),
  };
}

function headerObject([name, description]: [string, string]) {
  return [name, { description, schema: { type: 'string' as const } }] as const;
}

function refusal(description: string): ZodOpenApiResponseObject {
  return { description, content: { 'application/problem+json': { schema: problemSchema } } };
}
