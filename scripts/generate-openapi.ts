import { gatewayOpenApiDocument } from '@aegis/gateway/openapi';
import type { GenerateStep } from './generate-step.ts';

/** The HTTP interface, from the routes that serve it. */
export const openApiStep: GenerateStep = {
  name: 'OpenAPI',
  outputs: async () =>
    new Map([['docs/reference/openapi.json', `${JSON.stringify(gatewayOpenApiDocument(), null, 2)}\n`]]),
};
