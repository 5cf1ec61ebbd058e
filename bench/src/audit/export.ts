import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGrpcClient, type GrpcClient } from '@aegis/grpc/client';
import {
  type AuditMethods,
  auditService,
  type TransparencyMethods,
  transparencyService,
} from '@aegis/grpc/definitions';
import { eventually } from '@aegis/testkit/eventually';
import { freePort } from '@aegis/testkit/system';
import type { AuditDatabase } from './database.ts';
import { perSecond } from './append.ts';

const SERVICE = join(import.meta.dirname, '../../../services/audit/src/main.ts');
const VERIFIER = join(import.meta.dirname, '../../../packages/verify/src/main.ts');
const TIMEOUT_MS = 600_000;
/**
 * As in a container of 768 MiB, the limit in the chart, of which V8 takes half for the heap; what concerns young objects is
 * as in the image's entry point. On a machine of many gigabytes V8 would rather grow than collect.
 */
const HEAP_OPTIONS = ['--max-old-space-size=384', '--max-semi-space-size=16', '--no-allocation-site-pretenuring'];

export interface ExportFigures {
  readonly entriesPerSecond: number;
  readonly bytes: number;
  /** The most the service's process ever had resident, in megabytes. */
  readonly rssMb: number;
}

/**
 * The service in a process of its own, which exports the log as CSV to a reader that takes all it is given.
 *
 * @param gateway `host:port` of who tells of the operational database, which the log is then compared with
 */
export function measureExport(
  db: AuditDatabase,
  organizationId: string,
  entries: number,
  gateway: string | null = null,
): Promise<ExportFigures> {
  const env: Record<string, string> = gateway === null ? {} : { GATEWAY_GRPC_URL: gateway };
  return withService(db, env, async (service) => {
    const startedAt = performance.now();
    let bytes = 0;
    const request = { caller: callerOf(organizationId), format: 'csv', standard: 'generic' };
    for await (const { content } of service.audit.export(request, { timeoutMs: TIMEOUT_MS })) bytes += content.length;
    const entriesPerSecond = perSecond(entries, startedAt);
    if (gateway !== null) await expectCompared(db, organizationId);
    return { entriesPerSecond, bytes, rssMb: await peakRssMb(service.child) };
  });
}

/** An export does not depend on the gateway: where it does not answer, nothing is compared, which would cost nothing. */
async function expectCompared({ operator }: AuditDatabase, organizationId: string): Promise<void> {
  const { rows } = await operator.query<{ differences: string | null; population: string }>(
    `SELECT definition::json #>> '{population,differences,count}' AS differences, definition::json ->> 'population' AS population
     FROM audit.exports WHERE organization_id = $1 ORDER BY created_at DESC LIMIT 1`,
    [organizationId],
  );
  if (rows[0]?.differences !== '0') throw new Error(`the export was not compared, or differs: ${rows[0]?.population}`);
}

export interface VerifierFigures {
  readonly entriesPerSecond: number;
  readonly rssMb: number;
}

/** `aegis-verify` over a bundle of the log, from its start to its end. */
export async function measureVerifier(
  db: AuditDatabase,
  organizationId: string,
  entries: number,
): Promise<VerifierFigures> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-bundle-'));
  try {
    const bundle = join(dir, 'bundle.zip');
    const vkey = await withService(db, {}, async ({ audit, transparency }) => {
      const caller = callerOf(organizationId);
      const request = { caller, format: 'csv', standard: 'generic', bundle: true };
      await writeFile(bundle, contentsOf(audit.export(request, { timeoutMs: TIMEOUT_MS })));
      const { keys } = await transparency.listKeys({ caller });
      return keys.at(-1)?.vkey ?? '';
    });
    const startedAt = performance.now();
    const told = 'data:text/javascript,process.on("exit",()=>console.error(process.resourceUsage().maxRSS))';
    const args = ['--import', told, VERIFIER, bundle, '--vkey', vkey];
    const { stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1024 * 1024 });
    return { entriesPerSecond: perSecond(entries, startedAt), rssMb: Number(stderr.trim().split('\n').at(-1)) / 1_000 };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function* contentsOf(chunks: AsyncIterable<{ readonly content: Buffer }>): AsyncGenerator<Buffer> {
  for await (const { content } of chunks) yield content;
}

function callerOf(organizationId: string) {
  return { organizationId, actor: { type: 'service', id: 'bench', authMethod: 'internal' } };
}

interface RunningService {
  readonly child: ChildProcess;
  readonly audit: GrpcClient<AuditMethods>;
  readonly transparency: GrpcClient<TransparencyMethods>;
}

async function withService<T>(
  { url, secretKey }: AuditDatabase,
  env: Readonly<Record<string, string>>,
  run: (service: RunningService) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  const child = spawn(process.execPath, [...HEAP_OPTIONS, SERVICE], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: url,
      GRPC_PORT: String(port),
      METRICS_PORT: '0',
      AEGIS_SECRET_KEY: secretKey.toString('base64'),
      LOG_LEVEL: 'error',
      ...env,
    },
  });
  const at = { address: `127.0.0.1:${port}`, tls: null };
  const [audit, transparency] = [createGrpcClient(auditService, at), createGrpcClient(transparencyService, at)];
  const question = { caller: callerOf(randomUUID()), intentId: `int_${'0'.repeat(32)}` };
  try {
    await eventually(() => audit.listForIntent(question, { timeoutMs: 1_000 }), { timeoutMs: 30_000 });
    return await run({ child, audit, transparency });
  } finally {
    audit.close();
    transparency.close();
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/**
 * `COPY … TO` of what an export reads, entries and disclosures, by the database itself, as CSV, to a process that takes
 * all it is given.
 */
export async function copyRate({ operator }: AuditDatabase, organizationId: string, entries: number): Promise<number> {
  const startedAt = performance.now();
  await operator.query(
    `COPY (SELECT e.*, d.disclosures FROM audit.entries e
           LEFT JOIN audit.disclosures d ON d.organization_id = e.organization_id AND d.seq = e.seq
           WHERE e.organization_id = '${organizationId}' ORDER BY e.seq)
     TO PROGRAM 'cat > /dev/null' (FORMAT csv)`,
  );
  return perSecond(entries, startedAt);
}

/** Linux keeps the high-water mark of a process' resident memory (proc_pid_status(5), VmHWM); NaN elsewhere. */
async function peakRssMb(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1_000;
}
