import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client';
import { ConfigError } from '@aegis/runtime/config';

/** A server, or the directory of an engine inside this process. */
export type ClickHouseTarget = { readonly url: string } | { readonly dataDir: string };

/** Whoever calls logs the error; the client's own lines would go to the console, and not as JSON. */
const QUIET = { log: { level: ClickHouseLogLevel.OFF } };

const REQUEST_TIMEOUT_MS = 30_000;

/** The server closes idle connections after 3 s or more; one that it is about to close must not be used again. */
const IDLE_SOCKET_TTL_MS = 2_000;

/**
 * A client of a ClickHouse server, or of the engine embedded in this process: the same SQL on either.
 *
 * The engine owns its directory alone, and a process has one directory: a second one is refused. It works on threads of
 * its own. Opening it loads a library of some hundred megabytes, which holds the process up for about a second.
 *
 * @throws ConfigError where no server is named and the engine is not installed
 */
export async function connectClickHouse(target: ClickHouseTarget): Promise<ClickHouseClient> {
  if ('url' in target) {
    return createClient({
      ...QUIET,
      url: target.url,
      application: 'aegis-analytics',
      request_timeout: REQUEST_TIMEOUT_MS,
      keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_TTL_MS },
    });
  }
  const { createChdbConnection } = await import('chdb/connection').catch((error: unknown) => {
    // Images leave it out, and it has no build for some platforms.
    throw new ConfigError('CLICKHOUSE_URL is missing, and there is no embedded ClickHouse here: set it to a server', {
      cause: error,
    });
  });
  // The same interface, declared by two packages whose lists of server settings are not of one release.
  const connection = createChdbConnection({ path: target.dataDir }) as ClickHouseClientConfigOptions['connection'];
  return createClient({ ...QUIET, connection });
}
