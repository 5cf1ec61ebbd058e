import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('a traced call is one trace across both ends, unary and streaming', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', '@aegis/runtime/telemetry', join(import.meta.dirname, 'fixtures/traced-call.ts')],
    // Nobody listens there: what is looked at is the context, not the export.
    { env: { PATH: process.env['PATH'], OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, timeout: 30_000 },
  );
  const { client, server, stream } = JSON.parse(stdout) as Record<string, string>;
  const [traces, spans] = [1, 2].map((part) => [client, server, stream].map((context) => context?.split('-')[part]));
  expect(traces).toEqual(Array(3).fill('0af7651916cd43dd8448eb211c80319c'));
  expect(new Set(spans).size).toBe(3);
});
