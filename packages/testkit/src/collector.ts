import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** The instrumentation that made it. */
  readonly library: string;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface OtlpRequest {
  readonly resourceSpans: { scopeSpans: { scope: { name: string }; spans: Omit<Span, 'library'>[] }[] }[];
}

/** Takes traces by OTLP/HTTP as JSON: `OTEL_EXPORTER_OTLP_PROTOCOL=http/json`. */
export interface Collector {
  readonly endpoint: string;
  /** All that has arrived so far. */
  spans(): Span[];
  stop(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const received: OtlpRequest[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      received.push(body as OtlpRequest);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans() {
      const scopes = received.flatMap((request) => request.resourceSpans.flatMap((resource) => resource.scopeSpans));
      return scopes.flatMap(({ scope, spans }) => spans.map((span) => ({ ...span, library: scope.name })));
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
