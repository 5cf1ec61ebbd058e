import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/**
 * The headers helmet gives an answer that no browser should render, frame or cache. They do not depend on the request,
 * so helmet is asked once; a route that serves a page replaces them by its reply's own.
 */
export function securityHeaders(): Readonly<Record<string, string>> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const middleware = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    xFrameOptions: { action: 'deny' },
  });
  middleware(response.req, response, () => undefined);
  const names = response.getHeaderNames();
  return {
    ...Object.fromEntries(names.map((name) => [name, String(response.getHeader(name))])),
    'cache-control': 'no-store',
  };
}
