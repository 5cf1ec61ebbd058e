import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { createChdbConnection } from 'chdb/connection';

/** ClickHouse's engine behind as much of its HTTP interface as its client uses: for tests with processes of their own. */
export interface ClickHouseServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ClickHouseOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** The data directory; kept afterwards. Default: one in the temporary folder, removed by `stop`. */
  readonly dir?: string;
}

type Settings = Parameters<ReturnType<typeof createChdbConnection>['query']>[0]['clickhouse_settings'];

/** ClickHouse's own default, which clients take their idle time from. */
const KEEP_ALIVE_MS = 10_000;
const PARAMETER = 'param_';

/**
 * Starts one on loopback. The engine is ClickHouse's own, embedded in this process, which can have one at a time; the
 * HTTP around it is ours, without users, sessions or compression.
 */
export async function startClickHouse(options: ClickHouseOptions = {}): Promise<ClickHouseServer> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'aegis-test-clickhouse-')));
  const engine = createChdbConnection({ path: dir });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(request).then(
      (body) => response.writeHead(200, { 'content-type': 'text/plain' }).end(body),
      (error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(errorText(error)),
    );
  });

  async function answer(request: IncomingMessage): Promise<Buffer | string> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/ping') return 'Ok.\n';
    const sql = [url.searchParams.get('query'), await text(request)].filter(Boolean).join('\n');
    const parameters = [...url.searchParams].filter(([name]) => name.startsWith(PARAMETER));
    const settings = { default_format: url.searchParams.get('default_format') ?? 'TabSeparated' } as Settings;
    const { stream } = await engine.query({
      query: sql,
      query_params: Object.fromEntries(parameters.map(([name, value]) => [name.slice(PARAMETER.length), bound(value)])),
      clickhouse_settings: settings,
    });
    return buffer(stream);
  }

  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.close();
      const { drainPending } = await import('chdb');
      await drainPending();
      if (!options.dir) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** In a URL, NULL is written so. */
function bound(value: string): string | null {
  return value === String.raw`\N` ? null : value;
}

/** As the server writes it; the client reads code and type out of it. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, type } = error as { code?: string; type?: string };
  return code ? `Code: ${code}. DB::Exception: ${error.message} (${type})` : error.message;
}
