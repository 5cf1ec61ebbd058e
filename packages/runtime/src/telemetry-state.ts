/**
 * The preload and the services are loaded apart from each other; this symbol is where they meet. It holds the function
 * that sends the last spans, when tracing is on.
 */
const KEY = Symbol.for('aegis.telemetry.shutdown');
const registry = globalThis as typeof globalThis & { [KEY]?: () => Promise<void> };

const FLUSH_TIMEOUT_MS = 2000;

export function registerTelemetry(shutdown: () => Promise<void>): void {
  registry[KEY] = shutdown;
}

export function tracingEnabled(): boolean {
  return registry[KEY] !== undefined;
}

/** Sends what is still buffered; a collector that is away costs two seconds at most. */
export async function flushTelemetry(): Promise<void> {
  const shutdown = registry[KEY];
  if (!shutdown) return;
  const { promise: timeout, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, FLUSH_TIMEOUT_MS);
  await Promise.race([shutdown().catch(() => undefined), timeout]);
  clearTimeout(timer);
}
