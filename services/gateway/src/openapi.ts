import { identityRoutes } from './inbound/http/identity/identity-routes.ts';
import { type OpenApiDocument, openApiDocument } from './inbound/http/openapi/document.ts';
import { gatewayRoutes } from './routes.ts';

/** The document of everything the gateway serves, without a running gateway. */
export function gatewayOpenApiDocument(): OpenApiDocument {
  const routes = gatewayRoutes({
    clients: inert(),
    intents: inert(),
    identityRoutes: identityRoutes(inert()),
    erase: inert(),
    onForbidden: inert(),
    clock: inert(),
    readiness: inert(),
  });
  return openApiDocument(routes);
}

/** Stands in for a dependency that is only handed on while routes are made, and used when one of them is called. */
function inert<T extends object>(): T {
  const nothing: object = new Proxy(() => undefined, { get: () => nothing });
  return nothing as T;
}
