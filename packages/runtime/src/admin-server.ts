import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from './log.ts';
import { readyChecks } from './domain-metrics.ts';
import { renderMetrics } from './metrics.ts';
import { type Check, type Readiness, readinessOf } from './service.ts';

export interface AdminServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly log: Logger;
  readonly readiness: () => Promise<Readiness>;
  readonly liveness: () => Readonly<Record<string, Check>>;
}

export interface AdminServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A probe that takes longer has failed; orchestrators give up after a few seconds themselves. */
const READINESS_TIMEOUT_MS = 2000;

/** Serves `/livez`, `/readyz` and `/metrics` to orchestrators and Prometheus, apart from the public port. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const probed = new ProbedChecks();
  const pages: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/livez': async (response) => sendChecks(response, readinessOf(options.liveness())),
    '/readyz': async (response) => sendChecks(response, probed.seen(await boundedReadiness(options.readiness))),
    '/metrics': async (response) => send(response, 200, 'text/plain; version=0.0.4', await renderMetrics()),
  };
  const server = createServer({ requestTimeout: 5000 }, (request, response) => {
    const page = request.method === 'GET' ? pages[request.url?.split('?')[0] ?? ''] : undefined;
    if (!page) return send(response, 404, 'text/plain', 'not found\n');
    page(response).catch((error: unknown) => {
      options.log.warn({ err: error, path: request.url }, 'admin page failed');
      send(response, 500, 'text/plain', 'failed\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Shows Prometheus what the last probe found, each check by its name. */
class ProbedChecks {
  readonly #last = new Map<string, boolean>();

  seen(readiness: Readiness): Readiness {
    for (const known of this.#last.keys()) this.#last.set(known, readiness.checks[known]?.ok ?? readiness.ready);
    for (const [check, { ok }] of Object.entries(readiness.checks)) {
      const isNew = !this.#last.has(check);
      this.#last.set(check, ok);
      if (isNew) readyChecks.observe(() => Number(this.#last.get(check)), { check });
    }
    return readiness;
  }
}

async function boundedReadiness(readiness: () => Promise<Readiness>): Promise<Readiness> {
  const { promise: timeout, resolve } = Promise.withResolvers<Readiness>();
  const detail = `no answer within ${READINESS_TIMEOUT_MS} ms`;
  const timer = setTimeout(() => resolve(readinessOf({ readiness: { ok: false, detail } })), READINESS_TIMEOUT_MS);
  try {
    return await Promise.race([readiness(), timeout]);
  } catch (error) {
    return readinessOf({ readiness: { ok: false, detail: error instanceof Error ? error.message : 'failed' } });
  } finally {
    clearTimeout(timer);
  }
}

function sendChecks(response: ServerResponse, { ready, checks }: Readiness): void {
  send(response, ready ? 200 : 503, 'application/json', `${JSON.stringify({ ok: ready, checks })}\n`);
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}
