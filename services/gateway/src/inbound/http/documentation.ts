import { hash } from 'node:crypto';
import { type Route, route } from '@aegis/http/route';
import { openApiDocument } from './openapi/document.ts';
import { referencePage } from './reference/page.ts';
import { STYLE } from './reference/style.ts';

const tag = 'Operations';

/** No script, no foreign origin; the one style sheet is known by its digest. */
const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; frame-ancestors 'none'; base-uri 'none'`;

/** The document of all routes, these two included, and a page to read it. Both are made once, at the first request. */
export function documentationRoutes(otherRoutes: readonly Route[]): Route[] {
  const routes: Route[] = [];
  const document = once(() => openApiDocument([...otherRoutes, ...routes]));
  const json = once(() => JSON.stringify(document()));
  const page = once(() => referencePage(document()));
  routes.push(
    route({
      method: 'get',
      path: '/openapi.json',
      operationId: 'getOpenApiDocument',
      tag,
      summary: 'This interface as an OpenAPI 3.1 document',
      access: 'public',
      responses: { 200: { description: 'The document.', contentType: 'application/json' } },
      handle: async () => ({ status: 200, headers: { 'cache-control': 'public, max-age=300' }, body: json() }),
    }),
    route({
      method: 'get',
      path: '/docs',
      operationId: 'getReference',
      tag,
      summary: 'This interface as a page to read',
      access: 'public',
      responses: { 200: { description: 'The page.', contentType: 'text/html' } },
      handle: async () => ({
        status: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': PAGE_POLICY,
          'cache-control': 'public, max-age=300',
        },
        body: page(),
      }),
    }),
  );
  return routes;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
