import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGrpcClient } from '@aegis/grpc/client';
import { auditService } from '@aegis/grpc/definitions';
import { eventually } from '@aegis/testkit/eventually';
import { freePort } from '@aegis/testkit/system';
import type { AuditDatabase } from './database.ts';
import { perSecond } from './append.ts';

const SERVICE = join(import.meta.dirname, '../../../services/audit/src/main.ts');
const TIMEOUT_MS = 600_000;

export interface ExportFigures {
  readonly entriesPerSecond: number;
  readonly bytes: number;
  /** The most the service's process ever had resident, in megabytes. */
  readonly rssMb: number;
}

/** The service in a process of its own, which exports the log as CSV to a reader that takes all it is given. */
export async function measureExport(
  { url }: AuditDatabase,
  organizationId: string,
  entries: number,
): Promise<ExportFigures> {
  const port = await freePort();
  const child = spawn(process.execPath, [SERVICE], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: url,
      GRPC_PORT: String(port),
      METRICS_PORT: '0',
      AEGIS_SECRET_KEY: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'error',
    },
  });
  const client = createGrpcClient(auditService, { address: `127.0.0.1:${port}`, tls: null });
  const actor = { type: 'service', id: 'bench', authMethod: 'internal' };
  const caller = { organizationId, actor };
  try {
    await eventually(() => client.listForIntent({ caller, intentId: `int_${'0'.repeat(32)}` }, { timeoutMs: 1_000 }), {
      timeoutMs: 30_000,
    });
    const startedAt = performance.now();
    let bytes = 0;
    const request = { caller, format: 'csv', standard: 'generic' };
    for await (const { content } of client.export(request, { timeoutMs: TIMEOUT_MS })) bytes += content.length;
    const entriesPerSecond = perSecond(entries, startedAt);
    return { entriesPerSecond, bytes, rssMb: await peakRssMb(child) };
  } finally {
    client.close();
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** `COPY … TO` of the same entries by the database itself, as CSV, to a process that takes all it is given. */
export async function copyRate({ operator }: AuditDatabase, organizationId: string, entries: number): Promise<number> {
  const startedAt = performance.now();
  await operator.query(
    `COPY (SELECT * FROM audit.entries WHERE organization_id = '${organizationId}' ORDER BY seq)
     TO PROGRAM 'cat > /dev/null' (FORMAT csv)`,
  );
  return perSecond(entries, startedAt);
}

/** Linux keeps the high-water mark of a process' resident memory (proc_pid_status(5), VmHWM); NaN elsewhere. */
async function peakRssMb(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1_000;
}
