import { createLogger } from '@aegis/runtime/log';
import { createGrpcClient } from '../src/client.ts';
import { type AuditMethods, auditService } from '../src/definitions.ts';
import type { EntryReference } from '../src/generated/aegis/audit/v1/EntryReference.ts';
import type { TlsFiles } from '../src/tls-config.ts';
import { type GrpcServer, type GrpcServerOptions, type Handlers, bind, startGrpcServer } from '../src/server.ts';

export const ENTRY: EntryReference = { seq: '9007199254740993', id: 'evt_1', type: 'intent.submitted', checksum: 'ab' };
export const REQUEST = { caller: null, intentId: 'int_1' };

const open: { close(): void | Promise<void> }[] = [];

/** Stops what a test started, clients first. */
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0).toReversed()) await one.close();
}

export interface TestServer extends GrpcServer {
  /** What was logged, as JSON lines. */
  readonly logged: () => string;
}

/** The audit service on loopback; methods that are not given answer nothing. */
export async function serve(
  handlers: Partial<Handlers<AuditMethods>>,
  options: Partial<GrpcServerOptions> = {},
): Promise<TestServer> {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const server = await startGrpcServer({
    name: 'audit',
    host: 'localhost',
    port: 0,
    tls: null,
    log: createLogger({ name: 'audit', level: 'debug', destination }),
    services: [bind(auditService, { ...emptyHandlers, ...handlers })],
    ...options,
  });
  open.push({ close: () => server.stop() });
  return { ...server, logged: () => lines.join('') };
}

const emptyHandlers: Handlers<AuditMethods> = {
  listEntries: async () => ({ entries: [], page: null }),
  listForIntent: async () => ({ entries: [ENTRY] }),
  listTimeline: async () => ({ entries: [], page: null }),
  async *verify() {},
  async *export() {},
};

export function connect(address: string, tls: TlsFiles | null = null) {
  const client = createGrpcClient(auditService, { address, tls });
  open.push(client);
  return client;
}
