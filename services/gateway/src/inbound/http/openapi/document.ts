import type { Route } from '@aegis/http/route';
import { createDocument, type CreateDocumentOptions, type ZodOpenApiPathsObject } from 'zod-openapi';
import { operationOf } from './operation.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

const DESCRIPTION = `Agents ask before they spend: they post a spend intent; policies allow it, deny it, or ask a person; every step lands in a verifiable audit log.

JSON in camelCase; times are RFC 3339, UTC, with milliseconds. Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Unknown fields are refused. Another organisation's objects do not exist.

Every answer carries \`X-Request-Id\` (yours, or a new one) and \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\`; \`traceparent\` is honoured. Creating requests take an \`Idempotency-Key\`: a repeated one gets the first answer again, with \`Idempotency-Replayed: true\`.

\`HEAD\` is answered as \`GET\` without the body. Exports and verifications refuse it (\`405\`): they would have to be made for it.

Lists are \`{data, pagination}\`. Pages go by \`offset\`, or by \`cursor\`, which costs the same at any depth.`;

/** Bounds and patterns that zod adds for its own sake; they tell a reader nothing. */
const tidy: CreateDocumentOptions['override'] = ({ jsonSchema }) => {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uuid') delete jsonSchema.pattern;
};

/** The OpenAPI 3.1 document of a table of routes. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/[:*](\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Aegis Comply', version: '1', description: DESCRIPTION, license: { name: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
      paths,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'A JWT of a person, or an API key such as `aegis_sk_…`.',
          },
        },
      },
    },
    { override: tidy },
  );
}
