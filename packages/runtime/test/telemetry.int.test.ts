import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Span, startCollector } from '@aegis/testkit/collector';
import { beforeAll, describe, expect, inject, it } from 'vitest';

const APP = join(import.meta.dirname, 'fixtures/traced-app.ts');

interface Seen {
  readonly spans: readonly Span[];
  readonly output: { inRequest: string | null; inMessage: string | null; inBatch: string | null };
  readonly stderr: string;
}

/** Runs the app with the preload beside a collector that speaks OTLP/HTTP. */
async function run(env: Record<string, string>): Promise<Seen> {
  const collector = await startCollector();
  const resolved = Object.entries(env).map(([name, value]) => [name, value.replace('COLLECTOR', collector.endpoint)]);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', '@aegis/runtime/telemetry', APP, inject('postgresUrl')],
    { env: { PATH: process.env['PATH'], ...Object.fromEntries(resolved) }, timeout: 30_000 },
  );
  await collector.stop();
  return { spans: collector.spans(), output: JSON.parse(stdout), stderr };
}

describe('the telemetry preload', () => {
  let traced: Seen;
  const find = (library: string, name: RegExp, parentSpanId?: string) => {
    const span = traced.spans.find(
      (one) =>
        one.library.includes(library) && name.test(one.name) && one.parentSpanId === (parentSpanId ?? one.parentSpanId),
    );
    if (!span)
      throw new Error(`no span of ${library}: ${traced.spans.map((one) => `${one.library} ${one.name}`).join()}`);
    return span;
  };

  beforeAll(async () => {
    traced = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: 'COLLECTOR', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  });

  it('puts a call, the request it makes, the Express handler and the SQL statement into one tree', () => {
    const call = find('instrumentation-undici', /^GET/);
    const request = find('instrumentation-http', /^GET/, call.spanId);
    const handler = find('instrumentation-express', /request handler/, request.spanId);
    const sql = find('instrumentation-pg', /SELECT/, handler.spanId);
    expect(new Set([call, request, handler, sql].map((span) => span.traceId)).size).toBe(1);
  });

  it('continues the trace of a message in its handler, down to the SQL', () => {
    const [, trace, cause] = traced.output.inRequest?.split('-') ?? [];
    const message = find('aegis', /^decide$/, cause);
    const sql = find('instrumentation-pg', /SELECT/, message.spanId);
    expect([message.traceId, sql.traceId]).toEqual([trace, trace]);
    expect(traced.output.inMessage).toBe(`00-${trace}-${message.spanId}-01`);
  });

  it('gives every message of a batch a span of its own trace, and what it causes that span as parent', () => {
    const [, trace, cause] = traced.output.inRequest?.split('-') ?? [];
    const message = find('aegis', /^record$/, cause);
    expect(message.traceId).toBe(trace);
    expect(traced.output.inBatch).toBe(`00-${trace}-${message.spanId}-01`);
  });

  it('links the work on a batch to every message in it', () => {
    const batch = find('aegis', /^record batch$/);
    const messages = traced.spans.filter((span) => span.name === 'record').map((span) => span.spanId);
    expect(find('instrumentation-pg', /SELECT/, batch.spanId).traceId).toBe(batch.traceId);
    expect(batch.links.map((link) => link.spanId).toSorted()).toEqual(messages.toSorted());
    expect(messages).toHaveLength(2);
  });

  it('says nothing on the console', () => {
    expect(traced.stderr).toBe('');
  });

  it('does nothing unless an exporter is named, and batches still hand on the trace of their messages', async () => {
    const { spans, output, stderr } = await run({});
    expect({ spans, output, stderr }).toEqual({
      spans: [],
      output: {
        inRequest: null,
        inMessage: null,
        inBatch: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
      stderr: '',
    });
  });
});
